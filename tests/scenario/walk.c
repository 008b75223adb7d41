/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "scenario/walk.h"

#include <ctype.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "door/internal.h"
#include "i18n/i18n.h"
#include "test.h"
#include "text/buffer.h"

enum { MOST_PRINTED = 200, WHOLE = 0, TWIN = 1 };

void walk_find(struct walk *w, const struct who *who, const char *target, const char *format, ...)
{
    if (++w->findings > MOST_PRINTED || w->quiet)
        return;
    va_list list;
    va_start(list, format);
    (void)fprintf(stderr, "# LEAK %s %s: ", who->name, target);
    (void)vfprintf(stderr, format, list);
    (void)fputc('\n', stderr);
    va_end(list);
}

/* --- asking ---------------------------------------------------------------------------------------- */

static struct slice unpacked(struct arena *a, struct slice packed)
{
    size_t most = packed.len * 40 + 4096, size = 0;
    char *out = NEW(a, char, most);
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    if (!d || libdeflate_gzip_decompress(d, packed.ptr, packed.len, out, most, &size) != LIBDEFLATE_SUCCESS)
        fail_msg("a compressed body cannot be unpacked");
    libdeflate_free_decompressor(d);
    return (struct slice){out, size};
}

/* The parts of a workbook, one after the other. */
static struct slice parts_of(struct arena *a, struct slice packed)
{
    struct buffer *all = buffer_new(a, 64 * MIB);
    zip_source_t *source = zip_source_buffer_create(packed.ptr, packed.len, 0, NULL);
    zip_t *zip = zip_open_from_source(source, ZIP_RDONLY, NULL);
    if (!zip)
        fail_msg("a workbook cannot be unpacked");
    for (zip_int64_t i = 0; i < zip_get_num_entries(zip, 0); i++) {
        char piece[4096];
        zip_file_t *file = zip_fopen_index(zip, (zip_uint64_t)i, 0);
        for (zip_int64_t got; (got = zip_fread(file, piece, sizeof piece)) > 0;)
            buffer_add(all, piece, (size_t)got);
        (void)zip_fclose(file);
    }
    zip_discard(zip);
    return buffer_view(all);
}

/* Every fourth answer is asked for compressed; one in five in English, the same for addresses of one
 * length. */
static const char *head_of(const struct walk *w, struct arena *a, const struct who *who, int space,
                           const char *method, const char *target, size_t length)
{
    char token[65];
    memcpy(token, who->token, sizeof token);
    token[0] = space == WHOLE ? 'a' : 'b';
    const char *visitor = "00112233445566778899aabbccddeeff";
    if (path_is_api(target)) /* no cookie: a token, and any version */
        return arena_print(
            a,
            "%s %s HTTP/1.1\r\nHost: %s.example.org\r\nAccept-Language: %s\r\n%s%s%sIf-Match: *\r\n"
            "%sContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
            method, target, space == WHOLE ? "whole" : who->space, strlen(target) % 5 ? "fr" : "en",
            who->person ? "Authorization: Bearer grp_" : "", who->person ? token : "",
            who->person ? "\r\n" : "", w->asked % 4 ? "" : "Accept-Encoding: gzip\r\n", length);
    return arena_print(
        a,
        "%s %s HTTP/1.1\r\nHost: %s.example.org\r\nCookie: grappe_visitor=%s; grappe_lang=%s%s%s\r\n"
        "X-CSRF: %s\r\n%sContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n",
        method, target, space == WHOLE ? "whole" : who->space, visitor, strlen(target) % 5 ? "fr" : "en",
        who->person ? "; grappe_session=" : "", who->person ? token : "", w->csrf[space],
        w->asked % 4 ? "" : "Accept-Encoding: gzip\r\n", length);
}

static struct reply ask(struct walk *w, struct arena *a, const struct who *who, int space, const char *method,
                        const char *target, const char *body)
{
    size_t length = body ? strlen(body) : 0;
    const char *head = head_of(w, a, who, space, method, target, length);
    head =
        arena_print(a, "%s%s", head, body ? body : ""); /* in one piece: no waiting for an acknowledgement */
    struct reply r = {0};
    for (int attempt = 0; attempt < 2 && !r.status; attempt++) { /* a kept connection may have been closed */
        if (w->sockets[space] < 0)
            w->sockets[space] = client_connect(w->port);
        client_send(w->sockets[space], head, strlen(head));
        r = client_read(a, w->sockets[space], false);
        const char *connection = r.status ? reply_header(a, &r, "Connection") : "close";
        if (connection && strcmp(connection, "close") == 0) {
            (void)close(w->sockets[space]);
            w->sockets[space] = -1;
        }
    }
    const char *encoding = r.status ? reply_header(a, &r, "Content-Encoding") : NULL;
    if (encoding && strcmp(encoding, "gzip") == 0)
        r.body = unpacked(a, r.body);
    if (slice_starts(r.body, S("PK\003\004")))
        r.body = parts_of(a, r.body);
    return r;
}

/* --- judging --------------------------------------------------------------------------------------- */

/* Random tokens and hashes told apart by nothing but chance: each run of 32 or more hexadecimal digits as
 * "#". Marks of a search are left out too, so that a word is found in one piece. */
static struct slice masked(struct arena *a, struct slice text)
{
    char *out = NEW(a, char, text.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.len;) {
        size_t run = 0;
        while (i + run < text.len && isxdigit((unsigned char)text.ptr[i + run]))
            run++;
        if (run >= 32) {
            out[n++] = '#';
            i += run;
        } else if (run) {
            memcpy(out + n, text.ptr + i, run);
            n += run;
            i += run;
        } else {
            out[n++] = text.ptr[i++];
        }
    }
    return (struct slice){out, n};
}

static struct slice without_marks(struct arena *a, struct slice text)
{
    char *out = NEW(a, char, text.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.len;) {
        struct slice rest = slice_from(text, i);
        if (slice_starts(rest, S("<mark>")))
            i += 6;
        else if (slice_starts(rest, S("</mark>")))
            i += 7;
        else
            out[n++] = text.ptr[i++];
    }
    return (struct slice){out, n};
}

/* A role's own name stands in the frame of its pages, whoever may see people. */
static bool own_name(const struct who *who, const struct thing *t, int field)
{
    return t->id == who->person && strcmp(t->type->fields[field].name, t->type->name_field) == 0;
}

static void judge_word(struct walk *w, const struct who *who, const char *target, const char *where,
                       const struct canary *c)
{
    const struct thing *t = &w->world->things[c->thing];
    const struct field *f = &t->type->fields[c->field];
    w->seen[c - w->world->canaries] = true;
    if (!may_see_field(w->world, who, t, f) && !own_name(who, t, c->field) && !strstr(target, c->word))
        walk_find(w, who, target, "%s holds %s.%s of a record of level %d", where, t->type->name, f->name,
                  (int)t->level);
}

static void judge_id(struct walk *w, const struct who *who, const char *target, const char *where,
                     const char *digits, size_t length)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%.*s", (int)(length < 20 ? length : 20), digits);
    const struct thing *t = world_thing(w->world, strtoll(text, NULL, 10));
    if (t && !may_see_record(w->world, who, t) && t->id != who->person && !strstr(target, text))
        walk_find(w, who, target, "%s holds the id of a hidden %s", where, t->type->name);
}

static void scan(struct walk *w, const struct who *who, const char *target, const char *where,
                 struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        const char *p = text.ptr + i;
        if (isdigit((unsigned char)*p)) {
            size_t run = 1;
            while (i + run < text.len && isdigit((unsigned char)p[run]))
                run++;
            if (run >= 15)
                judge_id(w, who, target, where, p, run);
            i += run - 1;
        } else if ((*p == 'y' || *p == 'Y') && i + CANARY_LENGTH <= text.len) {
            const struct canary *c = world_canary(w->world, p);
            if (c)
                judge_word(w, who, target, where, c);
        }
    }
}

static const char *different_part(struct arena *a, struct slice x, struct slice y)
{
    size_t i = 0, from;
    while (i < x.len && i < y.len && x.ptr[i] == y.ptr[i])
        i++;
    from = i > 60 ? i - 60 : 0;
    return arena_print(a, "...%.*s... instead of ...%.*s...", (int)(x.len - from < 160 ? x.len - from : 160),
                       x.ptr + from, (int)(y.len - from < 160 ? y.len - from : 160), y.ptr + from);
}

/* A tag of 128 bits under a key that changes with the process, or of the page itself. */
static bool opaque(const char *tag)
{
    size_t digits = *tag == '"' ? strspn(tag + 1, "0123456789abcdef") : 0;
    return digits == 32 && (strcmp(tag + 1 + digits, "\"") == 0 || strcmp(tag + 1 + digits, "-g\"") == 0);
}

static void judge_tags(struct walk *w, const struct who *who, const char *target, const char *whole,
                       const char *twin)
{
    if (!whole != !twin)
        walk_find(w, who, target, "one has an ETag, the other none");
    else if (whole && strcmp(whole, twin) != 0 && !(opaque(whole) && opaque(twin)))
        walk_find(w, who, target, "ETag %s instead of %s", whole, twin);
}

/* Cursors of feeds are sealed places, of which none may be told from another. */
static const char *masked_header(struct arena *a, const struct reply *r, const char *name)
{
    const char *value = reply_header(a, r, name);
    return value ? slice_text(a, masked(a, slice_of(value))) : NULL;
}

/* Headers but those that chance or the hour make, and lengths, which the bodies tell. */
static void judge_headers(struct walk *w, struct arena *a, const struct who *who, const char *target,
                          const struct reply *whole, const struct reply *twin)
{
    static const char *const compared[] = {"Content-Type",  "Location", "Content-Disposition",
                                           "Cache-Control", "Vary",     "Retry-After",
                                           "Allow",         "Link"};
    for (size_t i = 0; i < COUNT(compared); i++) {
        const char *x = masked_header(a, whole, compared[i]), *y = masked_header(a, twin, compared[i]);
        if ((x || y) && strcmp(x ? x : "", y ? y : "") != 0)
            walk_find(w, who, target, "%s: %s instead of %s", compared[i], x ? x : "none", y ? y : "none");
    }
    judge_tags(w, who, target, reply_header(a, whole, "ETag"), reply_header(a, twin, "ETag"));
    scan(w, who, target, "a header", slice_of(whole->headers));
}

/* <…>; rel="next" */
static void keep_next(struct walk *w, struct arena *a, int space, const struct reply *r)
{
    const char *link = r->status ? reply_header(a, r, "Link") : NULL;
    w->next[space][0] = '\0';
    if (link && *link == '<')
        (void)snprintf(w->next[space], sizeof w->next[space], "%.*s", (int)strcspn(link + 1, ">"), link + 1);
}

int walk_ask(struct walk *w, const struct who *who, const char *target, const char *body)
{
    return walk_send(w, who, body ? "POST" : "GET", target, body);
}

/* Who read what of one's own, and how often: the readings of this walk, which are written down by the second,
 * here and there not in the same one. Words and ids are looked for in it all the same. */
static bool counts_this_walk(const char *target)
{
    return strstr(target, "/consultations") || strstr(target, "/readings");
}

static int send_both(struct walk *w, const struct who *who, const char *method, const char *target,
                     const char *at_twin, const char *body)
{
    ARENA_SCOPE(a);
    struct reply whole = ask(w, a, who, WHOLE, method, target, body),
                 twin = ask(w, a, who, TWIN, method, at_twin, body);
    w->asked++;
    w->length = whole.body.len;
    keep_next(w, a, WHOLE, &whole);
    keep_next(w, a, TWIN, &twin);
    if (!whole.status || whole.status >= 500)
        walk_find(w, who, target, "status %d", whole.status);
    if (w->tamper)
        w->tamper(w, who, target, &whole);
    if (whole.status != twin.status)
        walk_find(w, who, target, "status %d instead of %d", whole.status, twin.status);
    judge_headers(w, a, who, target, &whole, &twin);
    struct slice x = masked(a, whole.body), y = masked(a, twin.body);
    if (!slice_equal(x, y) && !counts_this_walk(target))
        walk_find(w, who, target, "%s", different_part(a, x, y));
    scan(w, who, target, "the page", without_marks(a, whole.body));
    return whole.status;
}

/* The next record in turn that the role may not see, changed by somebody else; and `fields`: of those that it
 * sees the next with a hidden field. */
static void write_hidden(struct walk *w, const struct who *who, bool fields)
{
    ARENA_SCOPE(a);
    const struct world *world = w->world;
    struct transaction *t = NULL;
    assert_ok(transaction_begin(space_db(world_space(world, "whole")), a, &t));
    for (int whole = !fields; whole < 2; whole++)
        for (size_t tried = 0; tried < world->canary_count; tried++) {
            const struct canary *c = &world->canaries[w->turn++ % world->canary_count];
            const struct thing *thing = &world->things[c->thing];
            const struct field *f = &thing->type->fields[c->field];
            if (may_see_record(world, who, thing) == whole || may_see_field(world, who, thing, f))
                continue;
            void *record = record_new(a, thing->type);
            assert_ok(rows_load(transaction_connection(t), a, thing->type, thing->id,
                                &(struct sight){.program = "test"}, record));
            *(const char **)field_at(f, record) = arena_print(a, "%s%zu", c->word, w->turn);
            assert_ok(rows_update(t, thing->type, record, 0));
            break;
        }
    assert_ok(transaction_commit(t));
}

void walk_poll(struct walk *w, const struct who *who, const char *target)
{
    ARENA_SCOPE(a);
    struct reply before = ask(w, a, who, WHOLE, "GET", target, NULL);
    /* Programs are told the version of what they see; and the feed looks at a thousand such entries at most.
     */
    write_hidden(w, who, !path_is_api(target) && w->asked % 4 == 0);
    struct reply after = ask(w, a, who, WHOLE, "GET", target, NULL);
    w->asked++;
    const char *one = reply_header(a, &before, "ETag"), *other = reply_header(a, &after, "ETag");
    if (w->tamper)
        w->tamper(w, who, target, &after);
    if (before.status != after.status)
        walk_find(w, who, target, "status %d, then %d", before.status, after.status);
    if (counts_this_walk(target))
        return;
    if (!slice_equal(before.body, after.body))
        walk_find(w, who, target, "a hidden write: %s", different_part(a, after.body, before.body));
    if (strcmp(one ? one : "", other ? other : "") != 0)
        walk_find(w, who, target, "a hidden write: ETag %s instead of %s", other, one);
}

int walk_send(struct walk *w, const struct who *who, const char *method, const char *target, const char *body)
{
    return send_both(w, who, method, target, target, body);
}

bool walk_on(struct walk *w, const struct who *who)
{
    ARENA_SCOPE(a);
    const char *whole = arena_print(a, "%s", w->next[WHOLE]), *twin = arena_print(a, "%s", w->next[TWIN]);
    if (*whole && *twin)
        (void)send_both(w, who, "GET", whole, twin, NULL);
    return *whole && *twin;
}

void walk_tokens(struct walk *w, const struct who *who)
{
    static const char before[] = "name=\"csrf\" value=\"";
    for (int space = WHOLE; space <= TWIN; space++) {
        ARENA_SCOPE(a);
        struct reply r = ask(w, a, who, space, "GET", "/connexion", NULL);
        const char *at = r.body.len ? memmem(r.body.ptr, r.body.len, before, strlen(before)) : NULL;
        if (!at)
            fail_msg("/connexion has no form with a token");
        const char *token = at + strlen(before);
        (void)snprintf(w->csrf[space], sizeof w->csrf[space], "%.*s", (int)strcspn(token, "\""), token);
    }
}
