/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* request.c - from what the socket brought to struct request. */
#include <string.h>
#include <strings.h>

#include "http/exchange.h"
#include "http/multipart.h"

static const char host_prefix[] = "__Host-";

const char *request_header(const struct request *r, const char *name)
{
    for (size_t i = 0; i < r->headers.count; i++)
        if (strcasecmp(r->headers.at[i].name, name) == 0)
            return r->headers.at[i].value;
    return NULL;
}

/* RFC 9110 12.5.3, as far as browsers go: the word gzip, not followed by q=0. */
bool request_takes_gzip(const struct request *r)
{
    struct slice rest = slice_of(request_header(r, "Accept-Encoding")), one;
    while (slice_cut(&rest, ',', &one)) {
        struct slice weight = one, name;
        (void)slice_cut(&weight, ';', &name);
        if (slice_equal(slice_trim(name), S("gzip"))) {
            weight = weight.ptr ? slice_trim(weight) : S("");
            return !slice_equal(weight, S("q=0")) && !slice_starts(weight, S("q=0.0"));
        }
    }
    return false;
}

/* Behind TLS a plain cookie may come from a neighbour host: only prefixed ones are ours. */
static void keep_own_cookies(struct params *cookies)
{
    size_t kept = 0;
    for (size_t i = 0; i < cookies->count; i++)
        if (strncmp(cookies->at[i].name, host_prefix, sizeof host_prefix - 1) == 0)
            cookies->at[kept++] =
                (struct param){cookies->at[i].name + sizeof host_prefix - 1, cookies->at[i].value};
    cookies->count = kept;
}

static enum language wanted_language(const struct request *r)
{
    enum language wanted = LANGUAGE_FR;
    if (!language_parse(param(&r->cookies, "grappe_lang"), &wanted))
        (void)language_parse(request_header(r, "Accept-Language"), &wanted);
    return wanted;
}

static struct fault *target_read(struct request *r, const char *target)
{
    size_t length = strlen(target), path = strcspn(target, "?");
    r->target = arena_text(r->arena, target, length);
    r->path = arena_text(r->arena, target, path);
    if (length > LIMIT_URL)
        return fault(FAULT_LIMIT, "The address is longer than %zu KiB.", LIMIT_URL / KIB);
    if (target[0] != '/')
        return fault(FAULT_INVALID, "The address does not begin with /.");
    return params_read(r->arena, slice_from((struct slice){target, length}, path + 1), &r->query);
}

static struct fault *body_read(struct request *r, struct slice body)
{
    const char *type = request_header(r, "Content-Type");
    r->body = body;
    if (!type || body.len == 0)
        return NULL;
    if (strncasecmp(type, "application/x-www-form-urlencoded", 33) == 0)
        return params_read(r->arena, body, &r->form);
    if (strncasecmp(type, "multipart/form-data", 19) == 0)
        return multipart_read(r->arena, type, body, &r->form, &r->uploads, &r->upload_count);
    return NULL;
}

static void refuse(struct request *r, const struct fault *f, int limit_status)
{
    if (!f || r->refused)
        return;
    r->refused = f->code == FAULT_LIMIT ? limit_status : 400;
    r->refusal = arena_text(r->arena, f->text, strlen(f->text));
}

void request_read(struct request *r, const char *target, struct slice body, bool secure)
{
    cookies_read(r->arena, request_header(r, "Cookie"), &r->cookies);
    if (secure)
        keep_own_cookies(&r->cookies);
    r->language = wanted_language(r);
    language_set(r->language);
    r->head = strcmp(r->method, "HEAD") == 0;
    if (r->head)
        r->method = "GET";
    refuse(r, target_read(r, target), 414);
    if (!r->refused)
        refuse(r, body_read(r, body), 413);
}
