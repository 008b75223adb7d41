/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "db/place.h"

#include <string.h>

#include "arena/arena.h"

bool place_is_url(const char *place)
{
    return strncmp(place, "postgresql://", 13) == 0 || strncmp(place, "postgres://", 11) == 0;
}

/* "postgresql://USER:SECRET@HOST/…?password=SECRET&…": what stands between both marks is left out. */
static const char *without(struct arena *a, const char *text, const char *from, const char *to)
{
    return arena_print(a, "%.*s%s", (int)(from - text), text, to);
}

const char *place_shown(struct arena *a, const char *place)
{
    if (!place_is_url(place))
        return place;
    const char *user = strstr(place, "//") + 2, *end = user + strcspn(user, "/?#");
    const char *at = memrchr(user, '@', (size_t)(end - user));
    const char *colon = at ? memchr(user, ':', (size_t)(at - user)) : NULL;
    if (colon)
        place = without(a, place, colon, at);
    const char *word = strstr(place, "password=");
    return word ? without(a, place, word + strlen("password="), word + strcspn(word, "&")) : place;
}

/* As a name of a space, or with underscores; nothing that needs quoting, and none of the server's own. */
static bool schema_is_plain(const char *name)
{
    size_t length = strlen(name);
    return length >= 1 && length <= 60 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == length &&
           strncmp(name, "pg_", 3) != 0 && strcmp(name, "public") != 0 &&
           strcmp(name, "information_schema") != 0;
}

struct fault *place_read(struct arena *a, const char *url, struct place *p)
{
    const char *query = strchr(url, '?'), *at = query;
    *p = (struct place){.url = url, .schema = ""};
    while (at && strncmp(at + 1, "schema=", 7) != 0)
        at = strchr(at + 1, '&');
    if (at) {
        const char *name = at + 8, *end = name + strcspn(name, "&");
        p->schema = arena_text(a, name, (size_t)(end - name));
        p->url = *end ? arena_print(a, "%.*s%s", (int)(at + 1 - url), url, end + 1)
                      : arena_text(a, url, (size_t)(at - url));
    }
    if (schema_is_plain(p->schema))
        return NULL;
    return fault(FAULT_INVALID, "The address of a space ends with ?schema=NAME: lower-case letters, digits, "
                                "hyphens and underscores.");
}

struct fault *place_schema(struct arena *a, const char *url, const char **schema)
{
    struct place place;
    TRY(place_read(a, url, &place));
    *schema = place.schema;
    return NULL;
}
