/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* letter_api.c - letters that did not arrive, and addresses that take none, for programs. */
#include "api/operation.h"
#include "i18n/i18n.h"
#include "mail/trouble.h"

static const char *const states[] = {"waiting", "refused", "failed", "late", NULL};
static const struct member letter_members[] = {
    MEMBER(ID, letter_trouble, id, NULL), MEMBER(TEXT, letter_trouble, to, NULL),
    MEMBER(TEXT, letter_trouble, state, NULL, .names = states),
    MEMBER(TEXT, letter_trouble, answer, N_("Of the mail server that did not take it.")),
    MEMBER_AS("created", INSTANT, letter_trouble, made_us, NULL)};
static const struct shape letter_shape = SHAPE("letter", letter_trouble, letter_members);
static const struct member address_members[] = {
    MEMBER(TEXT, refused_address, address, NULL),
    MEMBER(TEXT, refused_address, answer, N_("Of the mail server that did not take it.")),
    MEMBER_AS("since", INSTANT, refused_address, since_us, NULL)};
static const struct shape address_shape = SHAPE("refused_address", refused_address, address_members);
static const struct member unread_members[] = {
    MEMBER(INTEGER, unread_letter, number, N_("In the mailbox, where it still is.")),
    MEMBER(TEXT, unread_letter, answer, N_("What stood in the way.")),
    MEMBER_AS("tried", INSTANT, unread_letter, tried_us, NULL)};
static const struct shape unread_shape = SHAPE("unread_letter", unread_letter, unread_members);
static const struct member mail_members[] = {
    MEMBER(LIST, mail_troubles, letters, N_("Newest first."), .of = &letter_shape,
           COUNTED(mail_troubles, letter_count)),
    MEMBER(LIST, mail_troubles, refused, N_("Addresses that take no letters."), .of = &address_shape,
           COUNTED(mail_troubles, refused_count)),
    MEMBER(LIST, mail_troubles, unread, N_("Letters that came in and could not be read."),
           .of = &unread_shape, COUNTED(mail_troubles, unread_count))};
static const struct shape mail_shape = SHAPE("mail", mail_troubles, mail_members);

static struct fault *mail_tell(struct request *r, struct response *answer)
{
    struct mail_troubles t;
    TRY(mail_troubles(house_of(r), space_of(r), door_of(r), &t));
    shape_answer(r, answer, &mail_shape, &t);
    return NULL;
}

static struct fault *address_lift(struct request *r, struct response *answer)
{
    TRY(mail_forgive(house_of(r), space_of(r), door_of(r), request_part(r, "address")));
    answer->status = 204;
    return NULL;
}

static const struct api_operation mail = {.name = "list_letters_in_trouble", .answers = &mail_shape},
                                  lift = {.name = "forgive_address"};

const struct route letter_api_routes[] = {
    {"GET", API_ROOT "/mail", mail_tell, .right = ROLE_FACILITATOR, .scopes = SCOPE_PEOPLE, .api = &mail,
     .summary = N_("Letters that did not arrive, and addresses that take none")},
    {"DELETE", API_ROOT "/mail/refused/{address}", address_lift, .right = ROLE_FACILITATOR,
     .scopes = SCOPE_PEOPLE, .writes = true, .elsewhere = true, .api = &lift,
     .summary = N_("Write to an address again that refused letters")},
};
const size_t letter_api_route_count = COUNT(letter_api_routes);
