/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "pages/frame.h"

#include <string.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "records/choices.h"

struct door *door_of(const struct request *r)
{
    return ((const struct actor *)r->visitor.actor)->door;
}

const struct space_info *space_of(const struct request *r)
{
    return ((const struct actor *)r->visitor.actor)->space;
}

struct house *house_of(const struct request *r)
{
    return ((const struct actor *)r->visitor.actor)->house;
}

const struct session *session_of(const struct request *r)
{
    return &((const struct actor *)r->visitor.actor)->session;
}

struct caller caller_of(const struct request *r)
{
    return (struct caller){.address = r->address, .agent = request_header(r, "User-Agent")};
}

struct fault *proof_check(const struct request *r)
{
    const struct session *s = session_of(r);
    if (!s->person || now_us() - s->proof_us <= LIMIT_PROOF_AGE_S * SECOND_US)
        return NULL;
    return fault_in("proof", fault(FAULT_DENIED,
                                   "You signed in more than an hour ago: for this, confirm that it is you."));
}

struct fault *proof_check_export(const struct request *r)
{
    return r->visitor.roles & ROLES_SIGNED_IN & ~ROLE_MEMBER ? proof_check(r) : NULL;
}

const char *refused_told(struct response *answer, const struct fault *refused, const struct caller *caller)
{
    answer->status = refused->code == FAULT_LIMIT ? 429 : 422;
    if (refused->code == FAULT_LIMIT)
        response_header(answer, "Retry-After", arena_print(answer->arena, "%lld", (long long)caller->wait_s));
    return arena_print(answer->arena, "%s", refused->text);
}

struct fault *page_version(const struct request *r, uint64_t *version)
{
    int64_t generation = 0;
    TRY(door_generation(door_of(r), &generation));
    *version = ((uint64_t)generation << 1) ^ (uint64_t)door_viewer(door_of(r))->person;
    *version += (uint64_t)(now_us() / MINUTE_US);
    return NULL;
}

/* Doors and menu entries; shown to whom the right says. */
static const struct {
    const char *href, *label, *icon;
    int right;
    bool menu;
} places[] = {
    {"/aujourdhui", N_("Today"), "today", ROLES_SIGNED_IN, false},
    {"/annuaire", N_("Directory"), "directory", ROLES_ANYONE, false},
    {"/besoins", N_("Needs"), "need", ROLE_MEMBER | ROLE_FACILITATOR, false},
    {"/grappes", N_("Grappes"), "group", ROLES_SIGNED_IN, false},
    {"/activite", N_("Activity"), "dial", ROLES_SIGNED_IN, true},
    {"/suivis", N_("What I follow"), "eye", ROLES_SIGNED_IN, true},
    {"/notes-et-documents", N_("Notes and documents"), "edit", ROLES_SIGNED_IN, true},
    {"/adherents", N_("Members"), "person", ROLES_SIGNED_IN, true},
    {"/imports", N_("Import a file"), "upload", ROLE_FACILITATOR, true},
    {"/nomenclature", N_("Taxonomy"), "layers", ROLES_ANYONE, true},
    {"/fiches", N_("All records"), "columns", ROLES_SIGNED_IN, true},
    {"/invitations", N_("Invitations"), "plus", ROLE_MEMBER | ROLE_FACILITATOR, true},
    {"/courrier", N_("Mail"), "leave", ROLE_FACILITATOR, true},
    {"/travaux", N_("Jobs"), "gauge", ROLES_SIGNED_IN, true},
    {"/compte", N_("My account"), "person", ROLES_SIGNED_IN, true},
};

static const struct frame_link *links_of(const struct request *r, bool menu, const char *current,
                                         size_t *count)
{
    struct frame_link *links = NEW(r->arena, struct frame_link, COUNT(places));
    *count = 0;
    for (size_t i = 0; i < COUNT(places); i++)
        if (places[i].menu == menu && (places[i].right & r->visitor.roles))
            links[(*count)++] =
                (struct frame_link){.href = places[i].href,
                                    .label = tr(places[i].label),
                                    .icon = places[i].icon,
                                    .current = current && strcmp(current, places[i].href) == 0};
    return links;
}

static const char *page_href(struct arena *a, const char *address, int64_t number)
{
    return url_with(a, address, "page", arena_print(a, "%lld", (long long)number));
}

struct pager pager_of(struct arena *a, const char *address, const struct list_page *p)
{
    int64_t first = (p->page - 1) * p->per_page + 1, last = first + (int64_t)p->count - 1;
    struct pager pager = {.range = ""};
    if (p->count && p->total > 1)
        pager.range = arena_print(a, tr("%s to %s of %s"), integer_print(a, first), integer_print(a, last),
                                  integer_print(a, p->total));
    if (p->page > 1)
        pager.previous_href = page_href(a, address, p->page - 1);
    if (last < p->total)
        pager.next_href = page_href(a, address, p->page + 1);
    return pager;
}

const int64_t page_sizes[PAGE_SIZES] = {20, 50, 100, 200};

bool page_size_offered(int64_t size)
{
    bool offered = false;
    for (int i = 0; i < PAGE_SIZES; i++)
        offered |= page_sizes[i] == size;
    return offered;
}

/* The first letters of the first and the last word. */
const char *initials_of(struct arena *a, const char *name)
{
    const char *last = strrchr(name, ' ');
    size_t first_length = 1, last_length = last ? 1 : 0;
    while (((unsigned char)name[first_length] & 0xC0) == 0x80)
        first_length++;
    while (last && ((unsigned char)last[1 + last_length] & 0xC0) == 0x80)
        last_length++;
    return arena_print(a, "%.*s%.*s", (int)first_length, name, (int)last_length, last ? last + 1 : "");
}

/* Between the minutes of the clock, not of the two instants: a page changes with those, all of it at once, and
 * never in between, where a new drawing would tell that something was written. */
const char *time_ago(struct arena *a, int64_t at_us)
{
    int64_t minutes = now_us() / MINUTE_US - at_us / MINUTE_US, hours = minutes / 60, day;
    const char *iso = instant_print(a, at_us);
    if (minutes < 1)
        return tr("just now");
    if (hours < 1)
        return arena_print(a, tr("%lld %s ago"), (long long)minutes, tr_plural(minutes, "minute", "minutes"));
    if (hours < 24)
        return arena_print(a, tr("%lld %s ago"), (long long)hours, tr_plural(hours, "hour", "hours"));
    return day_parse((struct slice){iso, 10}, &day) ? day_in_words(a, day, true) : "";
}

static const struct {
    const char *code, *text, *kind;
} flashes[] = {
    {"saved", N_("Saved."), "done"},
    {"created", N_("Added."), "done"},
    {"proposed", N_("It is sent. You are told here when they answer."), "done"},
    {"noted", N_("Noted: whoever is next is told."), "done"},
    {"deleted", N_("Removed."), "done"},
    {"restored", N_("Brought back."), "done"},
    {"taken_off", N_("Taken off this record. Who wrote it is told."), "done"},
    {"put_back", N_("Put back on this record."), "done"},
    {"imported", N_("The file is in."), "done"},
    {"undone", N_("The import is undone: everything stands as before."), "done"},
    {"taken_back", N_("Undone: it stands as it did before."), "done"},
    {"revoked", N_("The token opens nothing any more."), "done"},
    {"signed_out", N_("You are signed out."), "done"},
    {"password", N_("Your password is set. Every other session has ended."), "done"},
    {"session_ended", N_("That session has ended."), "done"},
    {"sessions_ended", N_("Every other session has ended."), "done"},
    {"step_off", N_("The second step is off."), "done"},
    {"proved", N_("Thank you: it is you."), "done"},
    {"invited", N_("The invitation is on its way."), "done"},
    {"withdrawn", N_("The invitation opens nothing any more."), "done"},
    {"welcome", N_("Welcome: you are in."), "done"},
    {"joined", N_("Thank you: you act for it from now on. Sign in as usual."), "done"},
    {"step_rule", N_("From the next request on, this holds for everybody here."), "done"},
};

/* The cookie is "code" or "code|/undo/path". */
static void take_flash(const struct request *r, struct response *answer, struct frame *f)
{
    const char *cookie = param(&r->cookies, "grappe_flash");
    if (!cookie || !*cookie)
        return;
    size_t length = strcspn(cookie, "|");
    for (size_t i = 0; i < COUNT(flashes); i++)
        if (strlen(flashes[i].code) == length && strncmp(flashes[i].code, cookie, length) == 0) {
            f->flash = tr(flashes[i].text);
            f->flash_kind = flashes[i].kind;
        }
    if (f->flash && cookie[length] == '|' && path_is_local(cookie + length + 1))
        f->undo = cookie + length + 1;
    response_cookie(answer, "grappe_flash", "", -1);
    answer->cache = CACHE_NEVER;
}

void flash_set(struct response *answer, const char *code, const char *undo)
{
    response_cookie(answer, "grappe_flash", undo ? arena_print(answer->arena, "%s|%s", code, undo) : code,
                    60);
}

static const char *role_line(const struct request *r)
{
    int roles = door_viewer(door_of(r))->roles;
    for (const struct choice *c = person_roles; c->code; c++)
        if (roles & (int)role_of_code(c->code))
            return tr(c->label);
    return "";
}

struct frame frame_of(const struct request *r, struct response *answer, const char *title, const char *door)
{
    const char *theme = param(&r->cookies, "grappe_theme");
    struct frame f = {.arena = r->arena,
                      .request = r,
                      .title = title,
                      .space = space_of(r)->title,
                      .language = language_code(language()),
                      .theme =
                          theme && (strcmp(theme, "dark") == 0 || strcmp(theme, "light") == 0) ? theme : NULL,
                      .here = r->target};
    f.doors = links_of(r, false, door, &f.door_count);
    f.menu = links_of(r, true, door, &f.menu_count);
    const char *name = door_person_name(door_of(r));
    if (*name) {
        f.person = name;
        f.initials = initials_of(r->arena, name);
        f.role = role_line(r);
    }
    take_flash(r, answer, &f);
    return f;
}
