/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* member_api.c - members on a day, and a mandate handed over, for programs. */
#include "members/members.h"

#include "api/operation.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "records/choices.h"

struct count_asked {
    int64_t on;
};
static const struct member asked_members[] = {
    MEMBER(DAY, count_asked, on, N_("Members as of this day; today without."), .maybe = true)};
static const struct shape asked_shape = SHAPE("members_asked", count_asked, asked_members);

static const struct member line_members[] = {
    MEMBER(ID, member_line, organisation, NULL),
    MEMBER(TEXT, member_line, name, NULL),
    MEMBER(TEXT, member_line, college, N_("Its code; null: not said."), .maybe = true),
    MEMBER(TEXT, member_line, size_class, N_("Its code; null: not said."), .maybe = true),
    MEMBER(DAY, member_line, since, NULL),
    MEMBER(DAY, member_line, until, N_("The last day; null while it lasts."), .maybe = true)};
static const struct shape line_shape = SHAPE("member", member_line, line_members);

struct cell_told {
    const char *college, *size_class;
    int64_t members;
};
static const struct member cell_members[] = {
    MEMBER(TEXT, cell_told, college, N_("Its code; null: not said."), .maybe = true),
    MEMBER(TEXT, cell_told, size_class, N_("Its code; null: not said."), .maybe = true),
    MEMBER(INTEGER, cell_told, members, NULL)};
static const struct shape cell_shape = SHAPE("member_count", cell_told, cell_members);

static const struct member year_members[] = {
    MEMBER(NUMBER, member_year, year, NULL),
    MEMBER(INTEGER, member_year, members,
           N_("On its last day; in the year asked for, on the day asked for."))};
static const struct shape year_shape = SHAPE("member_year", member_year, year_members);

struct members_told {
    struct members of;
    struct cell_told *cells;
    size_t cell_count;
};
static const struct member told_members[] = {
    MEMBER_AS("on", DAY, members_told, of.day, NULL),
    MEMBER_AS("count", COUNT, members_told, of.count, NULL),
    MEMBER_AS("members", LIST, members_told, of.at, NULL, .of = &line_shape, COUNTED(members_told, of.count)),
    MEMBER_AS("came", LIST, members_told, of.came, N_("Members that were none a year before."),
              .of = &line_shape, COUNTED(members_told, of.came_count)),
    MEMBER_AS("left", LIST, members_told, of.left, N_("Members a year before that are none on the day."),
              .of = &line_shape, COUNTED(members_told, of.left_count)),
    MEMBER_AS("counts", LIST, members_told, cells,
              N_("By college and size class; those of nobody are left out."), .of = &cell_shape,
              COUNTED(members_told, cell_count)),
    MEMBER_AS("years", LIST, members_told, of.years, NULL, .of = &year_shape,
              COUNTED(members_told, of.year_count))};
static const struct shape told_shape = SHAPE("members", members_told, told_members);

static struct fault *members_count(struct request *r, struct response *answer)
{
    struct count_asked asked = {.on = today()};
    struct members_told told = {0};
    if (!shape_ask(r, answer, &asked_shape, &asked))
        return NULL;
    TRY(members_on(door_of(r), asked.on, &told.of));
    told.cells = NEW(r->arena, struct cell_told, MEMBER_COLLEGES * MEMBER_SIZES);
    for (int c = 0; c < MEMBER_COLLEGES; c++)
        for (int s = 0; s < MEMBER_SIZES; s++)
            if (told.of.of[c][s])
                told.cells[told.cell_count++] =
                    (struct cell_told){membership_colleges[c].code, size_classes[s].code, told.of.of[c][s]};
    shape_answer(r, answer, &told_shape, &told);
    return NULL;
}

struct handed {
    int64_t person, since, version;
};
static const struct member handed_members[] = {
    MEMBER(ID, handed, person, N_("Who takes over.")),
    MEMBER(DAY, handed, since, N_("From this day on; the mandate ends the day before.")),
    MEMBER(INTEGER, handed, version, N_("Of the mandate."))};
static const struct shape handed_shape = SHAPE("succession", handed, handed_members);
struct handed_told {
    int64_t id;
};
static const struct member made_members[] = {MEMBER(ID, handed_told, id, N_("Of the new mandate."))};
static const struct shape made_shape = SHAPE("succession_made", handed_told, made_members);

static struct fault *mandate_succession(struct request *r, struct response *answer)
{
    struct handed asked = {0};
    struct handed_told made = {0};
    if (!shape_take(r, answer, &handed_shape, &asked))
        return NULL;
    TRY(mandate_hand_over(door_of(r), request_id(r, "id"), asked.version, asked.person, asked.since,
                          &made.id));
    shape_answer(r, answer, &made_shape, &made);
    answer->status = 201;
    response_header(answer, "Location",
                    arena_print(r->arena, API_ROOT "/records/mandate/%lld", (long long)made.id));
    return NULL;
}

static const struct api_operation count = {.name = "count_members",
                                           .asks = &asked_shape,
                                           .answers = &told_shape},
                                  hand_over = {.name = "hand_over_mandate",
                                               .takes = &handed_shape,
                                               .answers = &made_shape,
                                               .status = 201,
                                               .located = true};

const struct route member_api_routes[] = {
    {"GET", API_ROOT "/members", members_count, .right = ROLES_SIGNED_IN, .api = &count,
     .summary = N_("Members on a day, by college and size")},
    {"POST", API_ROOT "/mandates/{id}/succession", mandate_succession, .right = ROLE_FACILITATOR,
     .writes = true, .scopes = SCOPE_PEOPLE, .api = &hand_over, .summary = N_("Hand over a mandate")},
};
const size_t member_api_route_count = COUNT(member_api_routes);
