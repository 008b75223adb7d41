/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* need_api.c - the main job for programs: a need in plain words, what was understood, who can do it and why.
 */
#include "needs/needs.h"

#include <stdlib.h>

#include "api/operation.h"
#include "api/version.h"
#include "i18n/i18n.h"

enum { ASKERS = ROLE_MEMBER | ROLE_FACILITATOR };

/* What is answered. */

static const char *const chip_states[] = {
    [CHIP_KNOWN] = "known", [CHIP_TO_CONFIRM] = "to_confirm", [CHIP_PROBLEM] = "problem", NULL};
static const struct member chip_members[] = {
    MEMBER(TEXT, chip, key, N_("The fact, for a correction.")),
    MEMBER(TEXT, chip, label, NULL),
    MEMBER(TEXT, chip, value, N_("As people read it.")),
    MEMBER(TEXT, chip, typed, N_("As it would be typed."), .maybe = true),
    MEMBER(TEXT, chip, quote, N_("The words it was read in; null: somebody gave it."), .maybe = true),
    MEMBER(ID, chip, term, NULL, .maybe = true),
    MEMBER(NAME, chip, state, NULL, .names = chip_states),
    MEMBER(TEXT, chip, remark, N_("Of a problem."), .maybe = true)};
static const struct shape chip_shape = SHAPE("fact", chip, chip_members);

static const struct member firm_members[] = {
    MEMBER_AS("id", ID, catalogue_entry, organisation.id, NULL),
    MEMBER_AS("name", TEXT, catalogue_entry, organisation.name, NULL)};
static const struct shape firm_shape = SHAPE("firm", catalogue_entry, firm_members);
static const struct member criterion_members[] = {
    MEMBER(TEXT, match_line, label, NULL), MEMBER(REAL, match_line, weight, NULL, .maybe = true),
    MEMBER(REAL, match_line, low, N_("From 0 to 1."), .maybe = true),
    MEMBER(REAL, match_line, high, NULL, .maybe = true)};
static const struct shape criterion_shape = SHAPE("criterion", match_line, criterion_members);
static const struct member match_members[] = {
    MEMBER_AS("organisation", ONE, need_match, entry, NULL, .of = &firm_shape),
    MEMBER(REAL, need_match, low, N_("The score at least, from 0 to 1: what is unknown counts against it.")),
    MEMBER(REAL, need_match, high, N_("The score at most: what is unknown counts for it.")),
    MEMBER(REAL, need_match, km, NULL, .maybe = true),
    MEMBER(TEXT, need_match, sentence, NULL, .maybe = true),
    MEMBER(NUMBER, need_match, moved, N_("Places gained by the weights that were asked.")),
    MEMBER(TEXTS, need_match, reasons, NULL, COUNTED(need_match, reason_count)),
    MEMBER(TEXTS, need_match, confirm, N_("To be asked before relying on it."),
           COUNTED(need_match, confirm_count)),
    MEMBER(TEXTS, need_match, gaps, NULL, COUNTED(need_match, gap_count)),
    MEMBER(TEXTS, need_match, remarks,
           N_("What else you are told of it, such as competitors or free capacity; no part of the score."),
           COUNTED(need_match, remark_count)),
    MEMBER_AS("criteria", LIST, need_match, lines, NULL, .of = &criterion_shape,
              COUNTED(need_match, line_count))};
static const struct shape match_shape = SHAPE("match", need_match, match_members);
static const struct member weight_members[] = {
    MEMBER(TEXT, criterion_weight, name, NULL), MEMBER(TEXT, criterion_weight, label, NULL),
    MEMBER(REAL, criterion_weight, weight, N_("Share of 1.")),
    MEMBER(FLAG, criterion_weight, stated, N_("The need says something about it."))};
static const struct shape weight_shape = SHAPE("weight", criterion_weight, weight_members);
static const struct member offer_members[] = {
    MEMBER(ID, need_offer, id, NULL),
    MEMBER(TEXT, need_offer, title, NULL),
    MEMBER(ID, need_offer, organisation, NULL),
    MEMBER(TEXT, need_offer, name, N_("Of the organisation.")),
    MEMBER(TEXT, need_offer, why, N_("What it offers of what is asked.")),
    MEMBER(DAY, need_offer, until, N_("The last day; null: none is told."), .maybe = true),
    MEMBER(COUNT, need_offer, rank, N_("Of its organisation among the ranked, from 1; 0: it is not among them."))};
static const struct shape need_offer_shape = SHAPE("need_offer", need_offer, offer_members);
static const struct member result_members[] = {
    MEMBER_AS("ranked", LIST, need_matches, at, N_("Best first; none: nobody here."), .of = &match_shape,
              COUNTED(need_matches, count)),
    MEMBER(LIST, need_matches, nearest, N_("When nobody: the closest, with what they lack."),
           .of = &match_shape, COUNTED(need_matches, nearest_count)),
    MEMBER(LIST, need_matches, weights, NULL, .of = &weight_shape, COUNTED(need_matches, weight_count)),
    MEMBER(LIST, need_matches, offers, N_("Open offers that fit; they change neither score nor order."),
           .of = &need_offer_shape, COUNTED(need_matches, offer_count)),
    MEMBER(TEXT, need_matches, why_nobody, NULL, .maybe = true),
    MEMBER(FLAG, need_matches, little_known, N_("So little is known that the order means little.")),
    MEMBER(COUNT, need_matches, considered, N_("Organisations that were compared."))};
static const struct shape result_shape = SHAPE("matches", need_matches, result_members);

struct need_told {
    struct api_record need;
    struct need_reading reading;
    struct need_matches *matches;
};
#define TOLD                                                                                                 \
    MEMBER_AS("facts", LIST, need_told, reading.chips, NULL, .of = &chip_shape,                              \
              COUNTED(need_told, reading.chip_count))
static const struct member told_members[] = {MEMBER(RECORD, need_told, need, NULL, .type = &need_type), TOLD};
static const struct shape told_shape = SHAPE("need_read", need_told, told_members);
static const struct member matched_members[] = {MEMBER(RECORD, need_told, need, NULL, .type = &need_type),
                                                TOLD,
                                                MEMBER(ONE, need_told, matches, NULL, .of = &result_shape)};
static const struct shape matched_shape = SHAPE("need_matched", need_told, matched_members);
static const struct member tried_members[] = {
    MEMBER(RECORD, need_told, need, N_("As it would be kept."), .type = &need_type, .maybe = true), TOLD,
    MEMBER(ONE, need_told, matches, NULL, .of = &result_shape)};
static const struct shape tried_shape = SHAPE("need_tried", need_told, tried_members);

/* What is asked. */

struct need_asked {
    const char *text;
    int64_t organisation;
    struct need_weight *weights;
    size_t weight_count;
};
static const struct member asked_weight_members[] = {
    MEMBER(TEXT, need_weight, name, NULL, .example = "process"),
    MEMBER(REAL, need_weight, weight, N_("A share; those that are not given stay as they are."))};
static const struct shape asked_weight_shape = SHAPE("asked_weight", need_weight, asked_weight_members);
#define NEED_TEXT                                                                                            \
    MEMBER(TEXT, need_asked, text, N_("What is needed, in plain words."),                                    \
           .example =                                                                                        \
               "Perçage de platines en laiton, diamètre 0,8 mm, tolérance 5 µm, 2000 pièces par mois")
static const struct member try_members[] = {NEED_TEXT,
                                            MEMBER(LIST, need_asked, weights, NULL, .of = &asked_weight_shape,
                                                   COUNTED(need_asked, weight_count), .maybe = true)};
static const struct shape try_asked = SHAPE("need_to_try", need_asked, try_members);
static const struct member new_members[] = {NEED_TEXT, MEMBER(ID, need_asked, organisation, N_("Who asks."))};
static const struct shape new_asked = SHAPE("need_to_keep", need_asked, new_members);

struct weights_asked {
    const char **weights;
    size_t count;
};
static const struct member weights_members[] = {MEMBER_AS(
    "weight", TEXTS, weights_asked, weights, N_("\"process:0.6\": a share of the score; may be repeated."),
    COUNTED(weights_asked, count), .maybe = true)};
static const struct shape weights_shape = SHAPE("weights", weights_asked, weights_members);

struct correction {
    const char *key, *value;
    int64_t term;
    bool remove;
};
static const struct member correction_members[] = {
    MEMBER(TEXT, correction, key, N_("The fact to change or add."), .example = "volume"),
    MEMBER(TEXT, correction, value, N_("As people type it; of a term, its name or code."), .maybe = true,
           .example = "500"),
    MEMBER(ID, correction, term, N_("Of several terms, this one."), .maybe = true),
    MEMBER(FLAG, correction, remove, N_("The fact goes."), .maybe = true)};
static const struct shape correction_shape = SHAPE("correction", correction, correction_members);

/* Answers. */

static struct fault *read_and_match(struct request *r, const struct need *need,
                                    const struct need_weight *weights, size_t count, struct need_told *told)
{
    told->matches = NEW(r->arena, struct need_matches, 1);
    TRY(needs_read(door_of(r), need, &told->reading));
    return needs_match(door_of(r), need, weights, count, LIMIT_MATCHES, told->matches);
}

static struct fault *need_try(struct request *r, struct response *answer)
{
    struct need_asked asked = {0};
    struct need need;
    struct need_told told = {.need = {&need_type, &need, ALL_FIELDS}};
    record_clear(&need_type, &need);
    if (!shape_take(r, answer, &try_asked, &asked))
        return NULL;
    need.text = asked.text;
    TRY(needs_fill(door_of(r), &need));
    TRY(read_and_match(r, &need, asked.weights, asked.weight_count, &told));
    shape_answer(r, answer, &tried_shape, &told);
    return NULL;
}

/* Saves, and answers how the need stands then, with the facts that were read before: nothing else is read
 * while the writer waits, and nothing after the commit. */
static struct fault *save_and_tell(struct request *r, struct response *answer, struct need *need,
                                   field_mask mask, struct need_told *told)
{
    struct door *d = door_of(r);
    struct need *now = record_new(r->arena, &need_type);
    field_mask shown = 0;
    TRY(door_begin(d));
    struct fault *failed = door_save(d, need, need, mask);
    if (!failed)
        failed = door_load(d, need, need->id, now, &shown);
    if (failed) {
        struct fault kept = *failed;
        door_abandon(d);
        return fault_again(&kept);
    }
    TRY(door_commit(d));
    told->need = (struct api_record){&need_type, now, shown};
    shape_answer(r, answer, &told_shape, told);
    version_show(r, answer, now);
    return NULL;
}

static struct fault *need_keep(struct request *r, struct response *answer)
{
    struct need_asked asked = {0};
    struct need need;
    struct need_told told = {0};
    if (!shape_take(r, answer, &new_asked, &asked))
        return NULL;
    record_clear(&need_type, &need);
    record_start(&need_type, &need);
    need.text = asked.text;
    need.organisation = asked.organisation;
    TRY(needs_fill(door_of(r), &need));
    TRY(needs_read(door_of(r), &need, &told.reading));
    TRY(save_and_tell(r, answer, &need, ALL_FIELDS, &told));
    answer->status = 201;
    response_header(answer, "Location", arena_print(r->arena, API_ROOT "/needs/%lld", (long long)need.id));
    return NULL;
}

/* "process:0.6" */
static struct fault *weights_of(struct request *r, const struct weights_asked *asked,
                                struct need_weight *weights)
{
    for (size_t i = 0; i < asked->count; i++) {
        const char *colon = strchr(asked->weights[i], ':');
        char *end = NULL;
        if (!colon)
            return fault_in("weight", fault(FAULT_INVALID, "A name, a colon and a number are expected."));
        weights[i] =
            (struct need_weight){arena_text(r->arena, asked->weights[i], (size_t)(colon - asked->weights[i])),
                                 strtod(colon + 1, &end)};
        if (!colon[1] || *end || !known_real(weights[i].weight))
            return fault_in("weight", fault(FAULT_INVALID, "A name, a colon and a number are expected."));
    }
    return NULL;
}

static struct fault *need_answer(struct request *r, struct response *answer)
{
    struct weights_asked asked = {0};
    struct need need;
    struct need_told told = {.need = {&need_type, &need, 0}};
    if (!shape_ask(r, answer, &weights_shape, &asked))
        return NULL;
    struct need_weight *weights = NEW(r->arena, struct need_weight, asked.count + 1);
    TRY(weights_of(r, &asked, weights));
    TRY(door_load(door_of(r), need, request_id(r, "id"), &need, &told.need.shown));
    TRY(read_and_match(r, &need, weights, asked.count, &told));
    shape_answer(r, answer, &matched_shape, &told);
    (void)response_tag(r, answer, version_tag(r->arena, &need, buffer_view(answer->body)));
    return NULL;
}

static struct fault *need_correct(struct request *r, struct response *answer)
{
    struct correction asked = {.value = ""};
    struct need need;
    struct need_told told = {0};
    field_mask shown = 0;
    bool matched = false;
    TRY(version_load(r, answer, &need_type, &need, &shown, &matched));
    if (!matched || !shape_take(r, answer, &correction_shape, &asked))
        return NULL;
    int64_t version = need.version;
    TRY(needs_correct(door_of(r), &need, asked.key, asked.value, asked.term, asked.remove));
    TRY(needs_read(door_of(r), &need, &told.reading));
    return version_stale(r, answer, &need_type, version, save_and_tell(r, answer, &need, shown, &told));
}

static const struct api_operation try_it = {.name = "try_need", .takes = &try_asked, .answers = &tried_shape},
                                  keep = {.name = "keep_need",
                                          .takes = &new_asked,
                                          .answers = &told_shape,
                                          .status = 201,
                                          .located = true,
                                          .tagged = true},
                                  match = {.name = "match_need",
                                           .asks = &weights_shape,
                                           .answers = &matched_shape,
                                           .tagged = true},
                                  correct = {.name = "correct_need",
                                             .takes = &correction_shape,
                                             .matched = true,
                                             .answers = &told_shape,
                                             .tagged = true};

const struct route need_api_routes[] = {
    {"POST", API_ROOT "/match", need_try, .right = ASKERS, .question = true, .api = &try_it,
     .summary = N_("Who can do what a text asks for; nothing is kept")},
    {"POST", API_ROOT "/needs", need_keep, .right = ASKERS, .writes = true, .api = &keep,
     .summary = N_("Read a need from its words and keep it as a draft")},
    {"GET", API_ROOT "/needs/{id}", need_answer, .right = ASKERS, .api = &match,
     .summary = N_("A need and who can do it")},
    {"POST", API_ROOT "/needs/{id}/facts", need_correct, .right = ASKERS, .writes = true, .api = &correct,
     .summary = N_("Correct, add or remove a fact of a need")},
};
const size_t need_api_route_count = COUNT(need_api_routes);
