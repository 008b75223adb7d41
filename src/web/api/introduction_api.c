/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* introduction_api.c - from match to deal for programs: what a card would say, asking, answering, what waits.
 */
#include "api/operation.h"
#include "i18n/i18n.h"
#include "introductions/agreements.h"
#include "introductions/deal_calls.h"
#include "introductions/funnel.h"
#include "introductions/reminder_plans.h"
#include "reminders/mail_answer.h"

enum { PEOPLE = ROLE_MEMBER | ROLE_FACILITATOR };

/* What would be sent. */

static const struct member draft_asked_members[] = {
    MEMBER(ID, deal_proposal, organisation, N_("Who is asked."))};
static const struct shape draft_asked = SHAPE("card_asked", deal_proposal, draft_asked_members);

struct draft_told {
    struct api_record card;
    struct card_draft draft;
};
static const struct member draft_members[] = {
    MEMBER(RECORD, draft_told, card, N_("Its words and bands; it is not stored."), .type = &blind_card_type,
           .maybe = true),
    MEMBER_AS("blind", FLAG, draft_told, draft.blind,
              N_("false: members may read the need, so the card names who asks.")),
    MEMBER_AS("hidden", FLAG, draft_told, draft.hidden,
              N_("Enough organisations could have written it; otherwise it is not sent.")),
    MEMBER_AS("silent", FLAG, draft_told, draft.silent,
              N_("Nobody can sign in for that organisation: call it. Told to facilitators alone.")),
    MEMBER_AS("competing", TEXTS, draft_told, draft.competing,
              N_("Which of the two counts the other as its competitor, as far as you are told: then despite "
                 "is asked for."),
              COUNTED(draft_told, draft.competing_count)),
    MEMBER_AS("hint", TEXT, draft_told, draft.hint,
              N_("Which processes they have in common, where these are many. Told to facilitators alone."),
              .maybe = true)};
static const struct shape draft_shape = SHAPE("card_draft", draft_told, draft_members);

static struct fault *card_preview(struct request *r, struct response *answer)
{
    struct deal_proposal asked = {0};
    struct need need;
    struct draft_told told = {0};
    if (!shape_ask(r, answer, &draft_asked, &asked))
        return NULL;
    TRY(door_load(door_of(r), need, request_id(r, "id"), &need, NULL));
    TRY(deal_draft(door_of(r), &need, asked.organisation, 0, &told.draft));
    told.card = (struct api_record){&blind_card_type, &told.draft.card, ALL_FIELDS};
    shape_answer(r, answer, &draft_shape, &told);
    return NULL;
}

/* Asking. */

static const struct member propose_members[] = {
    MEMBER(ID, deal_proposal, organisation, N_("Who is asked.")),
    MEMBER(INTEGER, deal_proposal, rank, N_("Its place among the ranked firms."), .least = 1, .most = 1000000,
           .maybe = true),
    MEMBER(ID, deal_proposal, with,
           N_("An introduction of the same need that nobody has answered: to do it together."),
           .maybe = true),
    MEMBER(TEXT, deal_proposal, reason,
           N_("Of facilitators: why who has said no within 90 days is asked again. They alone read it."),
           .maybe = true),
    MEMBER(FLAG, deal_proposal, despite,
           N_("Asked though you are told that one counts the other as its competitor."), .maybe = true)};
static const struct shape propose_asked = SHAPE("introduction_to_propose", deal_proposal, propose_members);
struct proposed {
    int64_t id;
};
static const struct member proposed_members[] = {MEMBER(ID, proposed, id, NULL)};
static const struct shape proposed_shape = SHAPE("introduction_proposed", proposed, proposed_members);

static struct fault *introduction_propose(struct request *r, struct response *answer)
{
    struct deal_proposal asked = {0};
    struct proposed made = {0};
    if (!shape_take(r, answer, &propose_asked, &asked))
        return NULL;
    asked.need = request_id(r, "id");
    TRY(deal_propose(door_of(r), &asked, &made.id));
    shape_answer(r, answer, &proposed_shape, &made);
    answer->status = 201;
    response_header(answer, "Location",
                    arena_print(r->arena, API_ROOT "/introductions/%lld", (long long)made.id));
    return NULL;
}

/* Where it stands, and what one may do. */

struct act_told {
    const char *act, *label;
    const char **reasons;
    size_t reason_count;
};
static const struct member act_members[] = {
    MEMBER(TEXT, act_told, act, NULL), MEMBER(LABEL, act_told, label, NULL),
    MEMBER(TEXTS, act_told, reasons, N_("One of these is given with it; none: it needs none."),
           COUNTED(act_told, reason_count))};
static const struct shape act_shape = SHAPE("act", act_told, act_members);
struct standing_told {
    struct api_record record;
    struct act_told *acts;
    size_t act_count;
    int64_t agreement;
};
#define ACTS                                                                                                 \
    MEMBER(ID, standing_told, agreement,                                                                     \
           N_("The version of the confidentiality agreement that one accepts with the act pledge.")),        \
        MEMBER(LIST, standing_told, acts, N_("What who asks may do now."), .of = &act_shape,                 \
               COUNTED(standing_told, act_count))
static const struct member introduction_members[] = {
    MEMBER_AS("introduction", RECORD, standing_told, record, NULL, .type = &introduction_type), ACTS};
static const struct shape introduction_shape =
    SHAPE("introduction_standing", standing_told, introduction_members);
static const struct member card_members[] = {
    MEMBER_AS("card", RECORD, standing_told, record, NULL, .type = &blind_card_type), ACTS};
static const struct shape card_shape = SHAPE("card_standing", standing_told, card_members);

static struct fault *acts_tell(struct request *r, const char *code, struct standing_told *told)
{
    struct arena *a = r->arena;
    enum introduction_state state;
    struct agreement offered;
    TRY(deal_agreement(door_of(r), told->record.type, told->record.record, &offered));
    told->agreement = offered.id;
    if (!introduction_state_of(code, &state))
        return NULL;
    int parties = deal_parties(door_of(r), told->record.type, told->record.record);
    const struct deal_choice *choices = deal_choices(a, state, parties, &told->act_count);
    told->acts = NEW(a, struct act_told, told->act_count + 1);
    for (size_t i = 0; i < told->act_count; i++) {
        const struct choice *act = &introduction_acts[choices[i].act];
        const char **reasons = NEW(a, const char *, choices[i].reason_count + 1);
        for (size_t k = 0; k < choices[i].reason_count; k++)
            reasons[k] = choices[i].reasons[k]->code;
        told->acts[i] = (struct act_told){act->code, act->label, reasons, choices[i].reason_count};
    }
    return NULL;
}

static struct fault *introduction_show(struct request *r, struct response *answer)
{
    struct introduction i;
    struct standing_told told = {.record = {&introduction_type, &i, 0}};
    TRY(door_load(door_of(r), introduction, request_id(r, "id"), &i, &told.record.shown));
    TRY(acts_tell(r, i.state, &told));
    shape_answer(r, answer, &introduction_shape, &told);
    return NULL;
}

static struct fault *card_show(struct request *r, struct response *answer)
{
    struct blind_card card;
    struct standing_told told = {.record = {&blind_card_type, &card, 0}};
    TRY(door_load(door_of(r), blind_card, request_id(r, "id"), &card, &told.record.shown));
    TRY(acts_tell(r, card.state, &told));
    shape_answer(r, answer, &card_shape, &told);
    return NULL;
}

/* Acting. */

static const struct member answer_members[] = {
    MEMBER(TEXT, deal_answer, act, N_("One of those that may be done now."), .example = "decline"),
    MEMBER(TEXT, deal_answer, reason, N_("Where the act needs one."), .maybe = true, .example = "other"),
    MEMBER(TEXT, deal_answer, words, N_("A line for the facilitators; the other side does not read it."),
           .maybe = true, .example = "Pas avant septembre."),
    MEMBER(TEXT, deal_answer, value, N_("Of an order, in bands: the codes of introduction.value."),
           .maybe = true, .example = "to_20k"),
    MEMBER(ID, deal_answer, agreement, N_("With pledge: the version that was read and is accepted."),
           .maybe = true),
    MEMBER(INTEGER, deal_answer, version, N_("Of the record that was looked at: another is a conflict."),
           .least = 1, .most = INT64_MAX, .maybe = true)};
static const struct shape answer_shape = SHAPE("introduction_act", deal_answer, answer_members);

static struct fault *act(struct request *r, struct response *answer,
                         struct fault *(*done)(struct door *, int64_t, const struct deal_answer *))
{
    struct deal_answer said = {0};
    if (!shape_take(r, answer, &answer_shape, &said))
        return NULL;
    TRY(done(door_of(r), request_id(r, "id"), &said));
    answer->status = 204;
    return NULL;
}

static struct fault *introduction_act(struct request *r, struct response *answer)
{
    return act(r, answer, deal_act);
}

static struct fault *card_answer(struct request *r, struct response *answer)
{
    return act(r, answer, deal_answer_card);
}

/* The confidentiality agreement. */

struct agreement_texts {
    const char *text_fr, *text_en;
};
static const struct member texts_members[] = {MEMBER(TEXT, agreement_texts, text_fr, NULL),
                                              MEMBER(TEXT, agreement_texts, text_en, NULL)};
static const struct shape texts_shape = SHAPE("agreement_texts", agreement_texts, texts_members);

static struct fault *agreement_add(struct request *r, struct response *answer)
{
    struct agreement_texts said = {0};
    struct agreement made;
    if (!shape_take(r, answer, &texts_shape, &said))
        return NULL;
    TRY(agreement_publish(door_of(r), said.text_fr, said.text_en, &made));
    shape_answer(r, answer, &proposed_shape, &(struct proposed){made.id});
    answer->status = 201;
    response_header(answer, "Location",
                    arena_print(r->arena, API_ROOT "/records/agreement/%lld", (long long)made.id));
    return NULL;
}

static const struct member call_members[] = {
    MEMBER(ID, deal_call, person, N_("With whom: somebody with a mandate of one of the two sides.")),
    MEMBER(TEXT, deal_call, said, N_("Read by the facilitators, and by nobody else."),
           .example = "Rappeler en septembre."),
    MEMBER(TEXT, deal_call, act, N_("What it meant, in the name of who said it; none: a note."),
           .maybe = true, .example = "decline"),
    MEMBER(TEXT, deal_call, reason, N_("Where the act needs one."), .maybe = true, .example = "other"),
    MEMBER(INTEGER, deal_call, version, N_("Of the record that was looked at: another is a conflict."),
           .least = 1, .most = INT64_MAX, .maybe = true)};
static const struct shape call_shape = SHAPE("call_to_note", deal_call, call_members);

static struct fault *call_note(struct request *r, struct response *answer)
{
    struct deal_call said = {0};
    if (!shape_take(r, answer, &call_shape, &said))
        return NULL;
    TRY(deal_call_note(door_of(r), request_id(r, "id"), &said));
    answer->status = 204;
    return NULL;
}

/* What waits on who asks. */

struct waiting_told {
    const char *type, *subject, *task, *why;
    int64_t id, since, owner, other, deadline;
    int reminders;
    bool escalated;
    const char *answered, *words;
};
static const struct member waiting_members[] = {
    MEMBER(TEXT, waiting_told, type, N_("introduction, blind_card, or need: nobody is asked about it.")),
    MEMBER(ID, waiting_told, id, NULL),
    MEMBER(TEXT, waiting_told, subject, NULL),
    MEMBER(LABEL, waiting_told, task, N_("What is to be done.")),
    MEMBER(LABEL, waiting_told, why, N_("Why it matters.")),
    MEMBER(DAY, waiting_told, since, NULL),
    MEMBER(ID, waiting_told, owner, N_("The organisation whose record it is.")),
    MEMBER(DAY, waiting_told, deadline, N_("Of the need."), .maybe = true),
    MEMBER(ID, waiting_told, other, N_("The other organisation, as far as it is known."), .maybe = true),
    MEMBER(NUMBER, waiting_told, reminders, N_("That are due.")),
    MEMBER(FLAG, waiting_told, escalated, N_("It is somebody else's to do, and they are silent.")),
    MEMBER(TEXT, waiting_told, answered,
           N_("The act that was read from what one answered by mail: not done yet."), .maybe = true),
    MEMBER(TEXT, waiting_told, words, N_("What one answered by mail."), .maybe = true)};
static const struct shape waiting_shape = SHAPE("waiting", waiting_told, waiting_members);
struct queue_told {
    struct waiting_told *items;
    size_t count;
};
static const struct member queue_members[] = {MEMBER(LIST, queue_told, items, N_("The longest first."),
                                                     .of = &waiting_shape, COUNTED(queue_told, count))};
static const struct shape queue_shape = SHAPE("waiting_list", queue_told, queue_members);

static struct fault *queue_show(struct request *r, struct response *answer)
{
    struct deal_waiting *all = NULL;
    struct queue_told told = {0};
    struct mail_answer *answers = NULL;
    size_t answer_count = 0;
    TRY(mail_answers(house_of(r), space_of(r), door_of(r), &answers, &answer_count));
    TRY(deal_queue(door_of(r), QUEUE_LONG, &all, &told.count));
    told.items = NEW(r->arena, struct waiting_told, told.count + 1);
    for (size_t i = 0; i < told.count; i++) {
        const struct deal_waiting *w = &all[i];
        const struct mail_answer *said = mail_answer_of(answers, answer_count, w->id, w->version);
        told.items[i] = (struct waiting_told){.type = w->type->name,
                                              .subject = w->subject,
                                              .task = w->task,
                                              .why = w->why,
                                              .id = w->id,
                                              .since = w->since,
                                              .owner = w->owner,
                                              .other = w->other,
                                              .deadline = w->deadline,
                                              .reminders = w->reminders,
                                              .escalated = w->escalated,
                                              .answered = said ? said->act : NULL,
                                              .words = said ? said->words : NULL};
    }
    shape_answer(r, answer, &queue_shape, &told);
    return NULL;
}

/* When one is reminded. */

static const struct member rate_members[] = {
    MEMBER(ID, reminder_choice, organisation, N_("null: the space, for all who have not chosen otherwise."),
           .maybe = true),
    MEMBER_AS("days", TEXT, reminder_choice, rate.days, N_("As it was chosen; null: nothing was."),
              .maybe = true),
    MEMBER_AS("facilitators", INTEGER, reminder_choice, rate.facilitators,
              N_("Of the space alone: days after which the facilitators are waited for as well."),
              .maybe = true)};
static const struct shape rate_shape = SHAPE("reminder_rate_told", reminder_choice, rate_members);
struct rates_told {
    struct reminder_choice *items;
    size_t count;
};
static const struct member rates_members[] = {
    MEMBER(LIST, rates_told, items, NULL, .of = &rate_shape, COUNTED(rates_told, count))};
static const struct shape rates_shape = SHAPE("reminder_rates", rates_told, rates_members);

static struct fault *rates_show(struct request *r, struct response *answer)
{
    struct rates_told told = {0};
    TRY(reminder_choices(door_of(r), &told.items, &told.count));
    shape_answer(r, answer, &rates_shape, &told);
    return NULL;
}

struct rate_wish {
    int64_t organisation;
    const char *days, *facilitators;
};
static const struct member rate_wish_members[] = {
    MEMBER(ID, rate_wish, organisation, N_("Left out: the space."), .maybe = true),
    MEMBER(TEXT, rate_wish, days,
           N_("Up to four, each later than the one before; empty: as the space has it."),
           .example = "3, 9, 21, 45"),
    MEMBER(TEXT, rate_wish, facilitators, N_("Of the space alone, a number of days."), .maybe = true,
           .example = "21")};
static const struct shape rate_wish_shape = SHAPE("reminder_wish", rate_wish, rate_wish_members);

static struct fault *rate_set(struct request *r, struct response *answer)
{
    struct rate_wish wish = {0};
    if (!shape_take(r, answer, &rate_wish_shape, &wish))
        return NULL;
    TRY(reminder_choose(door_of(r), wish.organisation, wish.days, wish.facilitators));
    answer->status = 204;
    return NULL;
}

/* How they go. */

#define CAME_TO(name_, STATE) MEMBER_AS(name_, INTEGER, funnel_line, came_to[INTRODUCTION_##STATE], NULL)
#define CAME                                                                                                 \
    CAME_TO("proposed", PROPOSED), CAME_TO("accepted", ACCEPTED), CAME_TO("agreed", AGREED),                 \
        CAME_TO("met", MET), CAME_TO("quoted", QUOTED), CAME_TO("ordered", ORDERED),                         \
        CAME_TO("delivered", DELIVERED), CAME_TO("renewed", RENEWED)
static const struct member line_members[] = {MEMBER(LABEL, funnel_line, label, NULL), CAME};
static const struct member grappe_line_members[] = {MEMBER_AS("name", TEXT, funnel_line, label, NULL), CAME};
static const struct shape grappe_line_shape = SHAPE("funnel_grappe", funnel_line, grappe_line_members);
static const struct shape line_shape = SHAPE("funnel_line", funnel_line, line_members);
static const struct member reason_members[] = {MEMBER(LABEL, funnel_reason, label, NULL),
                                               MEMBER(INTEGER, funnel_reason, times, NULL)};
static const struct shape reason_shape = SHAPE("funnel_reason", funnel_reason, reason_members);
static const struct member funnel_members[] = {
    MEMBER(LIST, deal_funnel, lines, N_("All; by source; by place among the ranked firms."),
           .of = &line_shape, COUNTED(deal_funnel, count)),
    MEMBER(LIST, deal_funnel, spoke, N_("By what spoke for the firm in the match it was asked from."),
           .of = &line_shape, COUNTED(deal_funnel, spoke_count)),
    MEMBER(LIST, deal_funnel, grappes, N_("By the grappes of who was asked, as far as that is known."),
           .of = &grappe_line_shape, COUNTED(deal_funnel, grappe_count)),
    MEMBER(LIST, deal_funnel, reasons, N_("What they ended on."), .of = &reason_shape,
           COUNTED(deal_funnel, reason_count)),
    MEMBER(INTEGER, deal_funnel, open, NULL),
    MEMBER(INTEGER, deal_funnel, ended, NULL),
    MEMBER(INTEGER, deal_funnel, median_days, N_("To the first answer of a person."), .maybe = true)};
static const struct shape funnel_shape = SHAPE("funnel", deal_funnel, funnel_members);

static struct fault *funnel_tell(struct request *r, struct response *answer)
{
    struct deal_funnel f;
    TRY(deal_funnel(door_of(r), &f));
    shape_answer(r, answer, &funnel_shape, &f);
    return NULL;
}

static const struct api_operation preview = {.name = "preview_card",
                                             .asks = &draft_asked,
                                             .answers = &draft_shape},
                                  propose = {.name = "propose_introduction",
                                             .takes = &propose_asked,
                                             .answers = &proposed_shape,
                                             .status = 201,
                                             .located = true},
                                  show = {.name = "show_introduction", .answers = &introduction_shape},
                                  show_card = {.name = "show_card", .answers = &card_shape},
                                  do_act = {.name = "act_on_introduction", .takes = &answer_shape},
                                  note_call = {.name = "note_call", .takes = &call_shape},
                                  answer_card = {.name = "answer_card", .takes = &answer_shape},
                                  publish = {.name = "publish_agreement",
                                             .takes = &texts_shape,
                                             .answers = &proposed_shape,
                                             .status = 201,
                                             .located = true},
                                  rates = {.name = "list_reminders", .answers = &rates_shape},
                                  set_rate = {.name = "set_reminders", .takes = &rate_wish_shape},
                                  queue = {.name = "list_waiting", .answers = &queue_shape},
                                  funnel = {.name = "introduction_funnel", .answers = &funnel_shape};

const struct route introduction_api_routes[] = {
    {"GET", API_ROOT "/needs/{id}/card", card_preview, .right = PEOPLE, .api = &preview,
     .summary = N_("What an organisation would be shown of a need")},
    {"POST", API_ROOT "/needs/{id}/introductions", introduction_propose, .right = PEOPLE, .writes = true,
     .api = &propose, .summary = N_("Ask an organisation about a need")},
    {"GET", API_ROOT "/introductions/{id}", introduction_show, .right = PEOPLE, .api = &show,
     .summary = N_("An introduction, for whose need it is and the facilitators")},
    {"POST", API_ROOT "/introductions/{id}/acts", introduction_act, .right = PEOPLE, .writes = true,
     .api = &do_act, .summary = N_("Do the next act of an introduction")},
    {"POST", API_ROOT "/introductions/{id}/calls", call_note, .right = ROLE_FACILITATOR, .writes = true,
     .api = &note_call, .summary = N_("Note a call about an introduction, and the act it meant")},
    {"GET", API_ROOT "/cards/{id}", card_show, .right = PEOPLE, .api = &show_card,
     .summary = N_("A request that an organisation was sent, without who asks")},
    {"POST", API_ROOT "/cards/{id}/acts", card_answer, .right = PEOPLE, .writes = true, .api = &answer_card,
     .summary = N_("Answer a request")},
    {"POST", API_ROOT "/agreements", agreement_add, .right = ROLE_FACILITATOR, .writes = true,
     .api = &publish, .summary = N_("Publish a version of the confidentiality agreement")},
    {"GET", API_ROOT "/reminders", rates_show, .right = PEOPLE, .api = &rates,
     .summary = N_("After how many days one is reminded")},
    {"POST", API_ROOT "/reminders", rate_set, .right = PEOPLE, .writes = true, .api = &set_rate,
     .summary = N_("Set after how many days one is reminded")},
    {"GET", API_ROOT "/waiting", queue_show, .right = ROLES_SIGNED_IN, .api = &queue,
     .summary = N_("What waits on me")},
    {"GET", API_ROOT "/funnel", funnel_tell, .right = PEOPLE, .api = &funnel,
     .summary = N_("How introductions go")},
};
const size_t introduction_api_route_count = COUNT(introduction_api_routes);
