/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_QUERIES_INTRODUCTIONS_H
#define GRAPPE_QUERIES_INTRODUCTIONS_H

#include "db/db.h"
#include "db/sight.h"

/* Open introductions, or cards, as the asker sees them; other: the other organisation, 0 while it is not
 * known; deadline: of the need, as far as the asker sees that. */
#define WAITING_DEAL(COLUMN)                                                                                 \
    COLUMN(integer, id)                                                                                      \
    COLUMN(integer, version)                                                                                 \
    COLUMN(integer, organisation)                                                                            \
    COLUMN(integer, other)                                                                                   \
    COLUMN(integer, since)                                                                                   \
    COLUMN(integer, due)                                                                                     \
    COLUMN(integer, deadline)                                                                                \
    COLUMN(text, state)                                                                                      \
    COLUMN(text, subject)
ROW(waiting_deal, WAITING_DEAL)
/* Of one organisation, in one of these states (",accepted,agreed,"), the longest there first. */
struct fault *introductions_of_asker(struct connection *, struct arena *, const struct sight *,
                                     int64_t organisation, const char *states, int64_t most,
                                     struct waiting_deal **, size_t *count) MUST_CHECK;
struct fault *introductions_of_answerer(struct connection *, struct arena *, const struct sight *,
                                        int64_t organisation, const char *states, int64_t most,
                                        struct waiting_deal **, size_t *count) MUST_CHECK;
/* Introductions that have come to the facilitators by this day, those that came first first. */
struct fault *introductions_escalated(struct connection *, struct arena *, const struct sight *, int64_t day,
                                      int64_t most, struct waiting_deal **, size_t *count) MUST_CHECK;

/* Calls about open introductions that an organisation asked for and that no later one answers, as the asker
 * sees them, oldest first. Cost: a look at each that was ever asked for. */
#define WISHED_CALL(COLUMN)                                                                                  \
    COLUMN(integer, id)                                                                                      \
    COLUMN(integer, introduction)                                                                            \
    COLUMN(integer, version)                                                                                 \
    COLUMN(integer, organisation)                                                                            \
    COLUMN(text, state)                                                                                      \
    COLUMN(text, subject)
ROW(wished_call, WISHED_CALL)
struct fault *introductions_calls_wished(struct connection *, struct arena *, const struct sight *,
                                         int64_t most, struct wished_call **, size_t *count) MUST_CHECK;

/* For which organisations somebody may sign in on this day, each once. For who sees all mandates. Cost: a
 * look at each of these. */
#define ORGANISATION_ROW(COLUMN) COLUMN(integer, id)
ROW(organisation_row, ORGANISATION_ROW)
struct fault *introductions_reached(struct connection *, struct arena *, const struct sight *, int64_t day,
                                    struct id_list *organisations) MUST_CHECK;

/* Open introductions in one of these states, not come to the facilitators yet, whose firm is none of those
 * reached, those first that would come to them soonest; and whether nobody may sign in for one organisation
 * (a row, or none). Cost: an entry of an index for each that is open, until there are enough. */
struct fault *introductions_unreached(struct connection *, struct arena *, const struct sight *, int64_t day,
                                      struct id_list reached, const char *states, int64_t most,
                                      struct waiting_deal **, size_t *count) MUST_CHECK;
struct fault *introductions_organisation_unreached(struct connection *, struct arena *, const struct sight *,
                                                   int64_t day, int64_t organisation,
                                                   struct organisation_row **, size_t *count) MUST_CHECK;

/* Open needs, as the asker sees them, of which no introduction is open and none was delivered (need_waits in
 * domain/introductions), oldest first; ended: the day on which the last of them ended. owner: of that
 * organisation alone; UNKNOWN_INTEGER: of all. */
#define WAITING_NEED(COLUMN)                                                                                 \
    COLUMN(integer, id)                                                                                      \
    COLUMN(integer, organisation) COLUMN(integer, deadline) COLUMN(integer, ended) COLUMN(text, title)
ROW(waiting_need, WAITING_NEED)
struct fault *introductions_needs_waiting(struct connection *, struct arena *, const struct sight *,
                                          int64_t owner, int64_t most, struct waiting_need **,
                                          size_t *count) MUST_CHECK;

/* What changed since an entry of the journal that may let something else wait on somebody: introductions,
 * their cards and calls, mandates, people, rates of reminders; whoever asks. Cost: a look at each entry
 * since. */
#define INTRODUCTION_CHANGE(COLUMN) COLUMN(text, type) COLUMN(integer, record)
ROW(introduction_change, INTRODUCTION_CHANGE)
struct fault *introductions_changes(struct connection *, struct arena *, int64_t after,
                                    struct introduction_change **, size_t *count) MUST_CHECK;

/* Of one asker and one organisation that was asked, with its card: the open ones about a need, and those
 * about any that have ended since a day, in the order in which they were made; whoever asks. Cost: a look at
 * each card of that organisation, and at the introduction of those that are open or ended since. */
#define ASKED_PAIR(COLUMN) COLUMN(integer, introduction) COLUMN(integer, card)
ROW(asked_pair, ASKED_PAIR)
struct fault *introductions_between(struct connection *, struct arena *, int64_t asker, int64_t asked,
                                    int64_t need, int64_t since, struct asked_pair **,
                                    size_t *count) MUST_CHECK;

/* The reminder rate of an organisation, 0: of the space, that was set last; whoever asks. */
#define RATE_ROW(COLUMN) COLUMN(integer, id)
ROW(rate_row, RATE_ROW)
struct fault *introductions_rate(struct connection *, struct arena *, int64_t organisation,
                                 struct rate_row **, size_t *count) MUST_CHECK;

/* How many introductions that the asker sees came how far, from where, at which place among the ranked firms
 * (0: none; 1; 3: the second and third; 10; 11: beyond), why they ended, after how many days somebody
 * answered, whether somebody accepted the confidentiality agreement (1). Cost: a look at each. */
#define INTRODUCTION_TALLY(COLUMN)                                                                           \
    COLUMN(text, source)                                                                                     \
    COLUMN(integer, ranked)                                                                                  \
    COLUMN(text, state)                                                                                      \
    COLUMN(text, reached)                                                                                    \
    COLUMN(text, reason)                                                                                     \
    COLUMN(integer, days)                                                                                    \
    COLUMN(integer, pledged)                                                                                 \
    COLUMN(integer, times)
ROW(introduction_tally, INTRODUCTION_TALLY)
struct fault *introductions_tally(struct connection *, struct arena *, const struct sight *,
                                  struct introduction_tally **, size_t *count) MUST_CHECK;

/* How many came how far, by what spoke for the firm when it was asked ("process material"). */
#define SPOKE_TALLY(COLUMN) COLUMN(text, spoke) COLUMN(text, reached) COLUMN(integer, times)
ROW(spoke_tally, SPOKE_TALLY)
struct fault *introductions_spoke(struct connection *, struct arena *, const struct sight *,
                                  struct spoke_tally **, size_t *count) MUST_CHECK;

/* How many came how far, by the grappes in which who was asked, as far as the asker knows, took part on the
 * day it was asked. An introduction counts once in each. */
#define GRAPPE_TALLY(COLUMN)                                                                                 \
    COLUMN(integer, grappe) COLUMN(text, name) COLUMN(text, reached) COLUMN(integer, times)
ROW(grappe_tally, GRAPPE_TALLY)
struct fault *introductions_of_grappes(struct connection *, struct arena *, const struct sight *,
                                       struct grappe_tally **, size_t *count) MUST_CHECK;

/* Why who was asked said no, of the cards that the asker sees. */
#define CARD_REASON(COLUMN) COLUMN(text, reason) COLUMN(integer, times)
ROW(card_reason, CARD_REASON)
struct fault *introductions_card_reasons(struct connection *, struct arena *, const struct sight *,
                                         struct card_reason **, size_t *count) MUST_CHECK;

#endif
