/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "reminders/mail_act.h"

#include <sodium.h>

#include "accounts/second_step.h"
#include "arena/arena.h"
#include "clock/clock.h"
#include "house/token.h"
#include "mail/internal.h"
#include "roster/sessions.h"

static const char kind[] = "act";

struct fault *mail_act_enough(struct house *h, const struct space_info *s, const struct door *d, bool *enough)
{
    const struct viewer *v = door_viewer(d);
    struct second_step own;
    int wanted = 0;
    TRY(second_step_wanted(h, s, &wanted));
    TRY(second_step_of(h, s, v->person, &own));
    *enough = !(v->roles & ~(ROLE_VISITOR | ROLE_MEMBER)) && !(v->roles & wanted) && !own.since_us;
    return NULL;
}

/* "blind_card 1882614659581935616 3 5b0f…": the pass remembers what it is for in the place of a page, and the
 * hash of the address that its letter went to. */
static const char *place_write(struct arena *a, const struct deal_waiting *w, const char *address)
{
    char hash[65];
    token_hash(address, hash);
    return arena_print(a, "%s %lld %lld %s", w->type->name, (long long)w->id, (long long)w->version, hash);
}

static bool place_read(struct arena *a, const char *place, struct mail_act *m, struct slice *address)
{
    struct slice name, id, version;
    *address = slice_of(place);
    bool whole = slice_cut(address, ' ', &name) && slice_cut(address, ' ', &id) &&
                 slice_cut(address, ' ', &version) && integer_parse(id, &m->id) &&
                 integer_parse(version, &m->version);
    m->type = whole ? record_type_find(slice_text(a, name)) : NULL;
    return m->type == &blind_card_type || m->type == &introduction_type;
}

/* Has the person still the address that the letter went to? It may be somebody else's by now. */
static struct fault *same_address(struct space *s, int64_t reader, struct slice address, bool *same)
{
    ARENA_SCOPE(work);
    struct door *program = NULL;
    struct person p;
    char hash[65];
    TRY(door_open_program(s, work, &program));
    TRY(door_load(program, person, reader, &p, NULL));
    token_hash(p.email ? p.email : "", hash);
    *same = slice_equal(address, slice_of(hash));
    return NULL;
}

static struct fault *offer(struct transaction *t, const char *space, const struct letter *l,
                           const struct deal_waiting *about)
{
    ARENA_SCOPE(work);
    const int64_t now = now_us();
    const struct roster_pass pass = {.person = l->person,
                                     .made_us = now,
                                     .until_us = now + MAIL_ACT_DAYS * (86400 * SECOND_US),
                                     .device = "",
                                     .back = place_write(work, about, l->to)};
    return roster_pass_add_in(t, l->pass, kind, space, &pass);
}

struct fault *mail_act_write(struct house *h, const struct space_info *s, const struct deal_waiting *about,
                             struct letter *l, bool *fresh)
{
    ARENA_SCOPE(work);
    char hash[65];
    unsigned char bits[32];
    struct transaction *t = NULL;
    randombytes_buf(bits, sizeof bits); /* stands for the token that is drawn when the letter leaves */
    l->pass = about ? sodium_bin2hex(hash, sizeof hash, bits, sizeof bits) : NULL;
    const struct roster_letter row = letter_row(work, s->name, l);
    TRY(transaction_begin(house_roster(h), work, &t));
    TRY(roster_letter_add(t, &row, fresh));
    if (*fresh && about)
        TRY(offer(t, s->name, l, about));
    return transaction_commit(t);
}

static struct fault *gone(void)
{
    return fault(FAULT_NOT_FOUND, "This link is more than %d days old, or no longer yours to use.",
                 MAIL_ACT_DAYS);
}

static struct fault *used(void)
{
    return fault(FAULT_CONFLICT, "This was answered already, by you or a colleague, or has moved on since.");
}

struct fault *mail_act_open(struct house *h, const struct space_info *s, const char *token, struct arena *a,
                            struct mail_act *m)
{
    struct roster_pass pass;
    char hash[65];
    struct slice address;
    bool enough = false;
    token_hash(token, hash);
    TRY(roster_pass_find(house_roster(h), a, hash, kind, s->name, &pass));
    m->hash = arena_print(a, "%s", hash);
    if (!pass.person || now_us() > pass.until_us || !place_read(a, pass.back, m, &address))
        return gone();
    TRY(door_open(s->space, a, pass.person, &m->door));
    door_read_as(m->door, READING_NONE); /* the letter has said as much */
    TRY(mail_act_enough(h, s, m->door, &enough));
    if (enough)
        TRY(same_address(s->space, pass.person, address, &enough));
    m->written_us = pass.made_us;
    void *record = record_new(a, m->type);
    struct fault *failed = enough ? door_load_any(m->door, m->type, m->id, record, NULL) : gone();
    if (failed)
        return failed->code == FAULT_NOT_FOUND ? gone() : failed;
    m->record = record;
    m->parties = deal_parties(m->door, m->type, record);
    if (!m->parties)
        return gone();
    if (pass.tries || ((const struct record_head *)record)->version != m->version)
        return used();
    return NULL;
}

struct fault *mail_act_do(struct house *h, const struct mail_act *m, struct deal_answer said)
{
    struct db *roster = house_roster(h);
    bool first = false;
    TRY(roster_pass_use(roster, m->hash, &first)); /* before: a wish to be called ends no link by itself */
    if (!first)
        return used();
    said.version = m->version;
    struct fault *failed = m->type == &blind_card_type ? deal_answer_card(m->door, m->id, &said)
                                                       : deal_act(m->door, m->id, &said);
    if (!failed)
        return NULL;
    const struct fault kept = *failed; /* and may be said otherwise */
    TRY(roster_pass_unused(roster, m->hash));
    return fault_again(&kept);
}
