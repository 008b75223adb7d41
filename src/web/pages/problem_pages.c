/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* problem_pages.c - what went wrong, and the way on: who can open what is closed. */
#include <string.h>

#include "i18n/i18n.h"
#include "log/log.h"
#include "pages/problem_view.h"
#include "records/choices.h"
#include "templates.h"
#include "text/buffer.h"

static const char *heading_of(int status)
{
    static const struct {
        int status;
        const char *heading;
    } headings[] = {{403, N_("This is not open to you")},      {404, N_("There is nothing here")},
                    {409, N_("Somebody was quicker")},         {413, N_("This is too much at once")},
                    {422, N_("This cannot be read as it is")}, {503, N_("Too busy for a moment")},
                    {507, N_("No room left")}};
    for (size_t i = 0; i < COUNT(headings); i++)
        if (headings[i].status == status)
            return tr(headings[i].heading);
    return tr("Something went wrong");
}

/* "Member, Facilitator"; NULL when the visitor has one of them and something else is in the way. */
static const char *roles_of(const struct request *r)
{
    if (!r->route || r->route->right & r->visitor.roles)
        return NULL;
    struct buffer *roles = buffer_new(r->arena, LIMIT_LONG_TEXT);
    for (const struct choice *c = person_roles; c->code; c++)
        if (r->route->right & (int)role_of_code(c->code))
            buffer_print(roles, "%s%s", roles->len ? ", " : "", tr(c->label));
    return buffer_string(roles);
}

/* Through the visitor's own door: names they may not see stay unsaid. */
static struct fault *keepers_of(const struct request *r, struct problem_view *v)
{
    enum { MOST = 6 };
    struct list_filter facilitators = {"role", "facilitator"};
    struct list_request asked = {
        .type = &person_type, .filters = &facilitators, .filter_count = 1, .per_page = MOST};
    struct list_page page;
    if (!(person_type.readers & r->visitor.roles))
        return NULL;
    TRY(door_list(door_of(r), &asked, &page));
    v->keepers = page.records;
    v->keeper_count = page.count;
    return NULL;
}

/* The page of ours that led here, other than this one. */
static const char *came_from(const struct request *r)
{
    const char *from = request_header(r, "Referer"), *host = request_header(r, "Host");
    const char *rest = from && host ? strstr(from, "://") : NULL;
    size_t length = host ? strlen(host) : 0;
    if (!rest || strncmp(rest + 3, host, length) != 0)
        return NULL;
    const char *path = rest + 3 + length;
    return path_is_local(path) && strcmp(path, r->target) != 0 ? path : NULL;
}

static void tell_who_opens(struct request *r, struct problem_view *v)
{
    bool signed_in = viewer_signed_in(door_viewer(door_of(r))), reads = strcmp(r->method, "GET") == 0;
    v->closed = true;
    v->roles = roles_of(r);
    v->back_href = came_from(r);
    if (!signed_in)
        v->sign_in_href = reads ? url_with(r->arena, "/connexion", "retour", r->target) : "/connexion";
    struct fault *failed = keepers_of(r, v);
    if (failed) /* the page is told without names */
        log_fault("problem page", failed);
}

/* The page wanted, or of a form that was sent, the page it is on. */
static void tell_how_to_prove(struct request *r, struct problem_view *v)
{
    const char *back = strcmp(r->method, "GET") == 0 ? r->target : came_from(r);
    v->heading = tr("Is it you?");
    v->prove_href = url_with(r->arena, "/connexion/preuve", "retour", back ? back : "/");
}

void problem_draw(struct request *r, struct response *answer, int status, const char *message)
{
    struct problem_view v = {.heading = heading_of(status), .message = message};
    if (status == 403 && r->faulty && strcmp(r->faulty, "proof") == 0)
        tell_how_to_prove(r, &v);
    else if (status == 403 && !r->forged)
        tell_who_opens(r, &v);
    v.frame = frame_of(r, answer, v.heading, NULL);
    problem_page(answer->html, &v);
}
