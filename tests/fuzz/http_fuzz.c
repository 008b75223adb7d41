/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* http_fuzz.c - any bytes as query, form, multipart body, cookies, path, address or text: what is accepted
 * reads back the same after being written, and holds neither NUL nor bad UTF-8. The first byte chooses the
 * reader. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/exchange.h"
#include "http/multipart.h"
#include "router/match.h"
#include "text/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool same_params(const struct params *a, const struct params *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->at[i].name, b->at[i].name) != 0 || strcmp(a->at[i].value, b->at[i].value) != 0)
            return false;
    return true;
}

static void query(struct arena *a, struct slice s)
{
    struct params p, again;
    if (params_read(a, s, &p))
        return;
    struct buffer *written = buffer_new(a, 16 * MIB);
    for (size_t i = 0; i < p.count; i++) {
        require(utf8_valid(slice_of(p.at[i].name)) && utf8_valid(slice_of(p.at[i].value)));
        struct html h = {.out = written};
        html_component(&h, p.at[i].name);
        buffer_char(written, '=');
        html_component(&h, p.at[i].value);
        buffer_char(written, '&');
    }
    require(params_read(a, buffer_view(written), &again) == NULL && same_params(&p, &again));
}

static void multipart(struct arena *a, struct slice s)
{
    struct params fields = {0};
    struct upload *files = NULL;
    size_t count = 0;
    if (multipart_read(a, "multipart/form-data; boundary=XX", s, &fields, &files, &count))
        return;
    for (size_t i = 0; i < fields.count; i++)
        require(utf8_valid(slice_of(fields.at[i].value)) && fields.at[i].name[0]);
    for (size_t i = 0; i < count; i++) {
        require(files[i].content.ptr >= s.ptr &&
                files[i].content.ptr + files[i].content.len <= s.ptr + s.len);
        require(!strpbrk(files[i].file_name, "/\\\r\n"));
    }
}

static void cookies(struct arena *a, struct slice s)
{
    struct params p, again;
    cookies_read(a, slice_text(a, s), &p);
    struct buffer *written = buffer_new(a, 16 * MIB);
    for (size_t i = 0; i < p.count; i++)
        buffer_print(written, "%s=%s; ", p.at[i].name, p.at[i].value);
    cookies_read(a, buffer_string(written), &again);
    require(same_params(&p, &again));
}

static void path(struct arena *a, struct slice s)
{
    static const char *const patterns[] = {"/", "/a/{id}", "/a/{name}", "/a/{name}/{firm_id}/b"};
    const char *text = slice_text(a, s);
    struct params parts;
    for (size_t i = 0; i < COUNT(patterns); i++) {
        bool may = path_may_fit(patterns[i], text), does = path_fits(a, patterns[i], text, &parts);
        require(may || !does);
        for (size_t j = 0; j < parts.count && does; j++)
            require(parts.at[j].value[0] && !strpbrk(parts.at[j].value, "/\\\r\n"));
    }
    (void)pattern_valid(text);
    if (path_is_local(text))
        require(text[0] == '/' && !strpbrk(text, "\r\n\\") && text[1] != '/');
}

static void address(struct arena *a, struct slice s)
{
    const char *text = slice_text(a, s), *checked = url_checked(text);
    require(checked == text || strcmp(checked, "#") == 0);
    char *with = url_with(a, text, "tri", text), *twice = url_with(a, with, "tri", text);
    require(strlen(with) >= LIMIT_URL || strcmp(with, twice) == 0);
}

static void text(struct arena *a, struct slice s)
{
    struct html *h = html_new(a, 64 * MIB);
    html_slice(h, s);
    const char *out = buffer_string(h->out);
    require(h->out->len >= s.len && !memchr(out, '<', h->out->len) && !memchr(out, '"', h->out->len));
}

static void request(struct arena *a, struct slice s)
{
    struct slice target;
    if (!slice_cut(&s, '\n', &target) || !s.ptr)
        return;
    struct param headers[] = {{"Content-Type", "multipart/form-data; boundary=XX"},
                              {"Cookie", slice_text(a, target)}};
    struct request r = {.arena = a, .method = "POST", .headers = {headers, COUNT(headers)}};
    request_read(&r, slice_text(a, target), s, false);
    require(r.refused == 0 || (r.refused >= 400 && r.refusal));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const readers[])(struct arena *, struct slice) = {query,   multipart, cookies, path,
                                                                    address, text,      request};
    if (size == 0)
        return 0;
    ARENA_SCOPE(a);
    readers[data[0] % COUNT(readers)](a, (struct slice){(const char *)data + 1, size - 1});
    return 0;
}
