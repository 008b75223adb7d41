/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* introductions.h - from match to deal: the states of an introduction, who may do which act in which, and who
 * is waited for. Tables and pure functions of them; docs/introductions.md is drawn from the tables.
 *
 * Whatever is open waits on somebody (what was delivered, after a rest), and ends by somebody's act with a
 * reason: silence only makes it wait on the facilitators too. Nobody but the two sides consents to be made
 * known. */
#ifndef GRAPPE_INTRODUCTIONS_H
#define GRAPPE_INTRODUCTIONS_H

#include "record/record.h"

enum introduction_state {
    INTRODUCTION_PROPOSED,
    INTRODUCTION_CALL_ASKED, /* who was asked wants to be called first */
    INTRODUCTION_ACCEPTED,   /* by who was asked; still nobody is known to the other */
    INTRODUCTION_SEALED,     /* the same, if both accept the confidentiality agreement: they have */
    INTRODUCTION_PLEDGED,    /* by both, if who was asked accepts the agreement as the asker has */
    INTRODUCTION_AGREED,     /* by both: each is known to the other from here on */
    INTRODUCTION_MET,
    INTRODUCTION_QUOTED,
    INTRODUCTION_ORDERED,
    INTRODUCTION_DELIVERED, /* and asked about once more, later */
    INTRODUCTION_RENEWED,
    INTRODUCTION_FINISHED,
    INTRODUCTION_DECLINED,
    INTRODUCTION_EXPIRED, /* closed by the facilitators, after silence or because it was settled otherwise */
    INTRODUCTION_STATES
};

/* Bits: who acts, who is waited for. */
enum introduction_party {
    PARTY_ASKER = 1 << 0,    /* whose need it is */
    PARTY_ANSWERER = 1 << 1, /* who was asked */
    PARTY_FACILITATOR = 1 << 2,
};
#define PARTY_SIDES (PARTY_ASKER | PARTY_ANSWERER)
enum { PARTIES = 3 };

enum introduction_act {
    INTRODUCTION_ACCEPT,
    INTRODUCTION_ASK_CALL,
    INTRODUCTION_CALLED,
    INTRODUCTION_TAKE_BACK,
    INTRODUCTION_CONSENT,
    INTRODUCTION_PLEDGE, /* one's yes, and the confidentiality agreement accepted with it */
    INTRODUCTION_MEET,
    INTRODUCTION_QUOTE,
    INTRODUCTION_ORDER,
    INTRODUCTION_DELIVER,
    INTRODUCTION_AGAIN,
    INTRODUCTION_FINISH,
    INTRODUCTION_DECLINE,
    INTRODUCTION_CLOSE,
    INTRODUCTION_ACTS
};

/* Codes and labels, in the order of the enums; what fields of records choose from. */
extern const struct choice introduction_states[], introduction_acts[], introduction_reasons[],
    introduction_values[], introduction_sources[];
enum { INTRODUCTION_REASONS = 10 };

/* What a state waits for. */
struct introduction_place {
    int waits;                 /* parties; 0: it is over */
    int patience;              /* how many times slower than usual its reminders come */
    const char *task[PARTIES]; /* what each that is waited for has to do; N_() */
    const char *why;           /* why it matters that it is done; N_() */
    int rest;                  /* days before anybody is waited for */
};
extern const struct introduction_place introduction_places[INTRODUCTION_STATES];

/* In `from`, any of `by` may do `act`, which leads to `to`. */
struct introduction_step {
    enum introduction_state from;
    enum introduction_act act;
    int by;
    enum introduction_state to;
};
extern const struct introduction_step introduction_steps[];
extern const size_t introduction_step_count;

/* By their codes; false: there is none. */
bool introduction_state_of(const char *code, enum introduction_state *);
bool introduction_act_of(const char *code, enum introduction_act *);

/* The step that one of `parties` may take; NULL: none of them may. Cost O(steps). */
const struct introduction_step *introduction_step_find(enum introduction_state, enum introduction_act,
                                                       int parties);

/* Said in one click: it tells what has happened, nothing that has to be weighed. */
bool introduction_plain(enum introduction_act);

/* The act by which its side says yes. */
bool introduction_yes(enum introduction_act);

bool introduction_open(enum introduction_state);
/* Each side is known to the other. */
bool introduction_revealed(enum introduction_state);

/* An end that nobody wished for says why; may one of `parties` give this reason for it? */
bool introduction_needs_reason(enum introduction_state to);
bool introduction_reason_fits(const char *code, int parties);

/* After how many days of silence a reminder is due, in growing order; and after how many the facilitators are
 * waited for as well. */
enum { REMINDERS = 4, REMINDER_MOST_DAYS = 365 };
struct reminder_plan {
    int days[REMINDERS];
    int count, escalates;
};
extern const struct reminder_plan reminder_default; /* 3, 9, 21, 45; 21 */

/* "3, 9, 21, 45" as days and count of the plan; false, and nothing changed, for anything else. */
bool reminder_days_parse(const char *text, struct reminder_plan *);

/* Reminders due after `days` in the state: 0 … plan->count. Days before the first are none, negative ones
 * too. */
int introduction_reminders(enum introduction_state, int64_t days, const struct reminder_plan *);
/* The days in the state at which the next reminder is due; 0: none is left. */
int64_t introduction_next_reminder(enum introduction_state, int64_t days, const struct reminder_plan *);
/* Who is waited for after `days` in the state; 0 only when it is over, or rests. */
int introduction_waits(enum introduction_state, int64_t days, const struct reminder_plan *);

/* The day from which the facilitators are waited for, of a state come to on the day `since`; unknown when it
 * is over. */
int64_t introduction_due(enum introduction_state, int64_t since, const struct reminder_plan *);

/* An open need of which no introduction is open and none came to an order waits on its asker and on the
 * facilitators: somebody has to be asked, or the need closed. */
int need_waits(bool open, size_t open_introductions, size_t ordered);

#endif
