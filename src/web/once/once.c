/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "once/once.h"

#include <sodium.h>
#include <string.h>

#include "pages/frame.h"
#include "router/router.h"
#include "router/token.h"

enum { KEY_MOST = 200, HASH = 32 };

static struct fault *check_key(const char *key)
{
    size_t length = strlen(key);
    bool good = length >= 1 && length <= KEY_MOST;
    for (size_t i = 0; i < length; i++)
        good = good && key[i] > ' ' && key[i] < 0x7F;
    return good ? NULL
                : fault_in("Idempotency-Key",
                           fault(FAULT_INVALID, "From 1 to %d visible ASCII characters.", KEY_MOST));
}

/* Everything that the effect depends on. */
static const char *hash_of(const struct request *r)
{
    const char *match = request_header(r, "If-Match");
    const struct slice parts[] = {slice_of(r->method), slice_of(r->target), slice_of(match ? match : ""),
                                  r->body};
    unsigned char hash[HASH];
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, sizeof hash);
    for (size_t i = 0; i < COUNT(parts); i++) {
        uint64_t length = parts[i].len;
        (void)crypto_generichash_update(&state, (const unsigned char *)&length, sizeof length);
        (void)crypto_generichash_update(&state, (const unsigned char *)parts[i].ptr, parts[i].len);
    }
    (void)crypto_generichash_final(&state, hash, sizeof hash);
    char *text = NEW(r->arena, char, 2 * HASH + 1);
    return sodium_bin2hex(text, 2 * HASH + 1, hash, sizeof hash);
}

/* The request's own name: what a program says, and of a form that was drawn for somebody its content, since
 * it carries the mark of its page. NULL: none, or nobody it could be kept for. */
static struct fault *name_of(const struct request *r, const char *hash, const char **key)
{
    bool api = path_is_api(r->path);
    *key = NULL;
    if (!door_viewer(door_of(r))->person || r->route->elsewhere)
        return NULL;
    if (api)
        *key = request_header(r, "Idempotency-Key");
    else if (token_marked(r))
        *key = arena_print(r->arena, "form %s", hash);
    return api && *key ? check_key(*key) : NULL;
}

static struct once_answer answer_of(struct request *r, const struct response *s)
{
    struct buffer *headers = buffer_new(r->arena, LIMIT_HEADERS);
    for (size_t i = 0; i < s->headers.count; i++)
        buffer_print(headers, "%s: %s\n", s->headers.at[i].name, s->headers.at[i].value);
    return (struct once_answer){.status = s->status,
                                .type = s->type,
                                .headers = buffer_string(headers),
                                .body = slice_text(r->arena, buffer_view(s->body))};
}

static void replay(struct request *r, struct response *s, const struct once_answer *kept)
{
    struct slice rest = slice_of(kept->headers), line;
    s->status = kept->status;
    s->type = kept->type;
    s->headers.count = 0;
    while (rest.len && slice_cut(&rest, '\n', &line)) {
        const char *text = slice_text(r->arena, line), *colon = strchr(text, ':');
        if (colon)
            response_header(s, arena_text(r->arena, text, (size_t)(colon - text)), colon + 2);
    }
    response_header(s, "Idempotency-Replayed", "true");
    s->body->len = 0;
    s->body->over = false;
    buffer_text(s->body, kept->body);
}

static bool tells_a_secret(const struct param *header)
{
    return strcmp(header->name, "Set-Cookie") == 0 && !strstr(header->value, "grappe_flash=");
}

/* A form is answered twice alike only when it leads on: what it draws, and cookies, stay with the browser. */
static bool worth_keeping(const struct request *r, const struct response *s)
{
    bool worth = path_is_api(r->path) || s->status == 303;
    for (size_t i = 0; i < s->headers.count; i++)
        worth = worth && !tells_a_secret(&s->headers.at[i]);
    return worth;
}

/* The handler, and its answer kept when it has changed something for good. */
static struct fault *run(struct request *r, struct response *s, struct once *o)
{
    TRY(route_run(r, s));
    if (s->status >= 400 || o->answered)
        return NULL;
    if (worth_keeping(r, s))
        o->answer = answer_of(r, s);
    return door_once_keep(door_of(r));
}

struct fault *once_write(void *owner, struct request *r, struct response *s)
{
    (void)owner;
    struct door *d = door_of(r);
    struct once once = {.request = hash_of(r)};
    TRY(name_of(r, once.request, &once.key));
    if (!once.key)
        return route_run(r, s);
    TRY(door_once(d, &once));
    struct fault *failed = once.answered ? NULL : run(r, s, &once);
    struct fault kept = failed ? *failed : (struct fault){0};
    door_abandon(d); /* whatever was not committed */
    if (!once.answered)
        return failed ? fault_again(&kept) : NULL;
    replay(r, s, &once.answer);
    return NULL;
}
