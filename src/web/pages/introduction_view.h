/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_INTRODUCTION_VIEW_H
#define GRAPPE_INTRODUCTION_VIEW_H

#include "introductions/deals.h"
#include "pages/attached_view.h"

/* What is said of the request, band by band. */
struct fact_view {
    const char *label, *value;
};

struct reason_view {
    const char *code, *label;
};

/* What the viewer may do now. */
struct act_view {
    const char *code, *label, *help; /* help: what it does, before it is done; NULL */
    const struct reason_view *reasons;
    size_t reason_count; /* 0: it does not say why */
    bool worded;         /* a line may be said with it: by either side */
    bool valued;         /* it may say how much */
    bool pledges;        /* it accepts the agreement */
    bool main;           /* the one to do next */
    bool given;          /* as they said by mail */
    const char *words;   /* that they said, to be said with it; NULL: none yet */
};

struct event_view {
    const char *at, *day, *what, *who; /* at: as a machine reads it; who: NULL: not for this viewer */
};

/* Calls, for the facilitators: those that were noted, and whom one may call. */
struct call_view {
    const char *day, *who, *said, *meant; /* meant: an act; NULL: a note */
};
struct callee_view {
    int64_t id;
    const char *label; /* "Marc Brenelle, Brenelle Décolletage · 03 81 …" */
    bool wishes;       /* they asked to be called */
};

struct introduction_line;

/* An introduction as the asker and the facilitators see it, or its card as who was asked does. */
struct introduction_view {
    struct frame frame;
    struct attached_view attached;
    bool card, open, turn; /* turn: something waits on the viewer */
    bool worded;           /* a line may be said with any act */
    const char *heading, *lede, *state, *waiting, *since, *error;
    const char *given;               /* what they answered by mail; NULL: nothing */
    const char *together, *partners; /* others are asked to do it too; who they are, once known */
    const struct introduction_line *party;
    size_t party_count;
    const char *need, *need_href; /* NULL: not for this viewer */
    const char *who, *who_href, *who_label, *contact, *need_text;
    const char *again; /* for facilitators: why they asked once more who had said no */
    const char *reason, *words, *value, *hiding, *pledges; /* pledges: who accepted the agreement, and when */
    const char *base, *readings_href, *card_href;
    int64_t version;
    const struct agreement *agreement; /* that is accepted, or may be; NULL */
    const char *agreement_text;
    const struct fact_view *facts;
    size_t fact_count;
    const struct act_view *acts;
    size_t act_count;
    const struct event_view *events;
    size_t event_count;
    const struct call_view *calls;
    const struct callee_view *callees; /* NULL: no calls are noted here */
    size_t call_count, callee_count;
    const struct act_view *call_acts; /* what may be said, of either side */
    size_t call_act_count;
    const char *call_base;
    bool calling; /* they came to note one */
};

/* The same in a letter: what its reader owes, and may do without signing in. */
struct mail_act_view {
    struct frame frame;
    struct introduction_view asked;
    const char *who, *organisation; /* in whose name; organisation NULL: not to be seen */
    const char *gone;               /* why the link opens nothing any more; NULL */
    bool done;
};

/* What would be sent, before it is. */
struct proposal_view {
    struct frame frame;
    const char *subject, *need, *need_href, *to, *to_href, *base, *hiding, *error;
    const struct fact_view *facts;
    size_t fact_count;
    const struct deal_proposal *wish;
    const struct introduction_line *others; /* with whom it may be asked to do it together */
    size_t other_count;
    const char *const *competing; /* what each says of the other, as far as it is told */
    size_t competing_count;
    const char *hint;    /* what the two have in common; NULL */
    bool blind, silent;  /* silent: nobody there can sign in */
    bool refused, again; /* it is not sent at all; facilitators say why they ask once more */
};

/* One line for a need's page. */
struct introduction_line {
    const char *href, *who, *state, *since, *badge; /* badge: its class */
    int64_t organisation;                           /* 0: not known */
    int64_t id, party;
    bool joinable;
};
struct fault *introduction_lines_load(struct request *, int64_t need, struct introduction_line **,
                                      size_t *count) MUST_CHECK;

#endif
