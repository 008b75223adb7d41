/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* session_pages.c - preferences, and the first page. */
#include <string.h>

#include "i18n/i18n.h"
#include "pages/frame.h"

static struct fault *home(struct request *r, struct response *answer)
{
    response_redirect(answer, door_viewer(door_of(r))->person ? "/aujourdhui" : "/annuaire");
    return NULL;
}

static struct fault *set_preferences(struct request *r, struct response *answer)
{
    enum { YEAR_S = 365 * 24 * 3600 };
    const char *theme = param_text(&r->form, "theme"), *spoken = param_text(&r->form, "language");
    enum language chosen;
    if (strcmp(theme, "auto") == 0)
        response_cookie(answer, "grappe_theme", "", -1);
    else if (strcmp(theme, "dark") == 0 || strcmp(theme, "light") == 0)
        response_cookie(answer, "grappe_theme", theme, YEAR_S);
    if (language_parse(spoken, &chosen))
        response_cookie(answer, "grappe_lang", language_code(chosen), YEAR_S);
    response_redirect(answer, param_text(&r->form, "here"));
    return NULL;
}

const struct route session_routes[] = {
    {"GET", "/", home, .right = ROLES_ANYONE, .summary = N_("The first page")},
    {"POST", "/preferences", set_preferences, .right = ROLES_ANYONE, .writes = true,
     .summary = N_("Theme and language")},
};
const size_t session_route_count = COUNT(session_routes);
