/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* deals.h - from a match to a deal, through the door: an organisation is asked about a need, and each side
 * and the facilitators act in turn, as domain/introductions says.
 *
 * The asker and the facilitators look at the introduction, who was asked at its blind card; neither record
 * holds what its reader may not know yet. One act is one transaction; done twice it is done once. */
#ifndef GRAPPE_DEALS_H
#define GRAPPE_DEALS_H

#include "door/door.h"
#include "introductions/introductions.h"

/* The card as it would be sent to the organisation now. Not saved. */
struct card_draft {
    struct blind_card card;
    bool blind;  /* false: its reader may see the need itself, so the card names who asks */
    bool hidden; /* enough organisations could have written it; otherwise it is not sent */
    bool silent; /* nobody can sign in for the organisation; told to facilitators alone */
    /* Which of the two counts the other as its competitor, and in what: sentences, as far as the viewer is
     * told (competitors.h). What they have in common is told to facilitators; NULL: too little. */
    const char **competing, *hint;
    size_t competing_count;
};
enum { PLAUSIBLE_LEAST = 5 };

/* For whom may write the need. `with`: as in a proposal. DENIED; INVALID: the need is not open, or private,
 * or of that organisation. */
struct fault *deal_draft(struct door *, const struct need *, int64_t organisation, int64_t with,
                         struct card_draft *) MUST_CHECK;

/* Whom to ask about which need. */
struct deal_proposal {
    int64_t need, organisation;
    int64_t rank;       /* its place among the ranked firms; 0: none */
    int64_t with;       /* an introduction of the same need, to do it together; 0: alone */
    const char *reason; /* of the facilitators, for asking again who has said no lately; NULL: none */
    bool despite;       /* the viewer was told that one counts the other as a competitor, and asks */
};
/* Asks. Those asked together are each told how many others are, and as soon as two are known to the asker
 * they are to each other. Asked already and still open: that introduction. CONFLICT: too few could have
 * written the card; "organisation": it has said no to the same in the last 90 days, and it is not the
 * facilitators who ask; "despite": the viewer is told that they compete, or facilitators that those asked
 * together do, and has not confirmed; "with": one of them has said yes already, to do it alone, or the
 * organisation is asked already, not together with these. INVALID "with": it is not of this need; "reason":
 * facilitators say why they ask again. */
struct fault *deal_propose(struct door *, const struct deal_proposal *, int64_t *introduction) MUST_CHECK;
/* Why the facilitators asked once more who had said no; NULL: they did not, or it is not for the viewer. */
struct fault *deal_asked_again(struct door *, int64_t introduction, const char **reason) MUST_CHECK;
/* Has nobody answered it, so that others may still be asked with it? */
bool deal_joinable(const struct introduction *);

/* What somebody does. Codes of domain/introductions; NULL: not said. */
struct deal_answer {
    const char *act, *reason, *words, *value;
    int64_t agreement; /* which was read and is accepted with it */
    int64_t version;   /* of the record they looked at; 0: whatever stands */
};
/* By the id of the introduction (asker, facilitator) or of the card (who was asked). DENIED: not for them to
 * do; CONFLICT: it has moved on; INVALID with the field. */
struct fault *deal_act(struct door *, int64_t introduction, const struct deal_answer *) MUST_CHECK;
struct fault *deal_answer_card(struct door *, int64_t card, const struct deal_answer *) MUST_CHECK;

/* The parts the viewer has in a record of either type; 0: none. Facilitators act on the introduction, not on
 * its card. */
int deal_parties(const struct door *, const struct record_type *, const void *record);

/* What one of these parts may do in a state, in the order of the table; whoever the next step waits on may
 * ask for a call besides, which changes nothing but the facilitators' queue. */
struct deal_choice {
    enum introduction_act act;
    const struct choice **reasons; /* one of which is given with it */
    size_t reason_count;           /* 0: it needs none */
};
struct deal_choice *deal_choices(struct arena *, enum introduction_state, int parties, size_t *count);

/* The agreement that is accepted with a yes now: the one that the other side accepted, or the newest. */
struct fault *deal_agreement(struct door *, const struct record_type *, const void *record,
                             struct agreement *) MUST_CHECK;

/* The card of an introduction, for those who may see both; NOT_FOUND. */
struct fault *deal_card_of(struct door *, int64_t introduction, struct blind_card *) MUST_CHECK;
/* Introductions of a need that the viewer may see, the oldest first. */
struct fault *deal_list_of(struct door *, int64_t need, struct introduction **, size_t *count) MUST_CHECK;

/* What waits on the viewer, the longest first; of each kind (cards, introductions, needs) at most `most`,
 * those that came first. */
struct deal_waiting {
    const struct record_type *type;   /* introduction_type, blind_card_type, need_type: nobody is asked */
    int64_t id, version, since;       /* version: unknown of a need */
    const char *subject, *task, *why; /* task, why: N_() */
    enum introduction_state state;    /* not of a need */
    int parties;                      /* for which the viewer is waited for; 0: of a need */
    int64_t owner, other;             /* organisations: whose record it is; the other side, once known; 0 */
    int64_t deadline;                 /* of the need, a day, as far as it is told */
    int reminders;                    /* that are due */
    const struct reminder_plan *plan; /* of whom it waits on; NULL: of a need */
    bool escalated;                   /* it is somebody else's to do, and they are silent */
    int64_t call;                     /* that the owner asked for; 0: it is about something else */
};
enum { QUEUE_SCREEN = 50, QUEUE_LONG = 200 };
struct fault *deal_queue(struct door *, int64_t most, struct deal_waiting **, size_t *count) MUST_CHECK;

#endif
