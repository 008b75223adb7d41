/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "api/version.h"

#include <sodium.h>
#include <stdlib.h>

#include "i18n/i18n.h"

const char *version_tag(struct arena *a, const void *record, struct slice body)
{
    static const unsigned char key[crypto_shorthash_KEYBYTES];
    unsigned char hash[crypto_shorthash_BYTES];
    char text[2 * sizeof hash + 1];
    (void)crypto_shorthash(hash, (const unsigned char *)body.ptr, body.len, key);
    (void)sodium_bin2hex(text, sizeof text, hash, sizeof hash);
    return arena_print(a, "%lld.%.8s", (long long)((const struct record_head *)record)->version, text);
}

void version_show(const struct request *r, struct response *answer, const void *record)
{
    response_header(
        answer, "ETag",
        arena_print(r->arena, "\"%s\"", version_tag(r->arena, record, buffer_view(answer->body))));
}

/* Is the version among the tags ("3", "3.5f2a9c01", "…-g" of a compressed answer) of If-Match? */
static bool matches(const char *header, int64_t version)
{
    struct slice rest = slice_of(header), one;
    while (slice_cut(&rest, ',', &one)) {
        char *end = NULL;
        one = slice_trim(one);
        if (slice_equal(one, S("*")))
            return true;
        if (one.len < 3 || one.ptr[0] != '"' || one.ptr[1] < '0' || one.ptr[1] > '9')
            continue;
        long long tag = strtoll(one.ptr + 1, &end, 10);
        struct slice left = slice_from(one, (size_t)(end - one.ptr));
        if (tag == version &&
            (slice_equal(left, S("\"")) || slice_starts(left, S(".")) || slice_equal(left, S("-g\""))))
            return true;
    }
    return false;
}

static void stale(struct request *r, struct response *answer)
{
    api_problem(r, answer, 412,
                tr("Somebody changed this record in the meantime: read it again before saving."), NULL);
}

struct fault *version_load(struct request *r, struct response *answer, const struct record_type *type,
                           void *record, field_mask *shown, bool *matched)
{
    const char *header = request_header(r, "If-Match");
    *matched = false;
    TRY(door_load_any(door_of(r), type, request_id(r, "id"), record, shown));
    if (!door_may_write(door_of(r), type, record) && !type_takes_off(type)) /* the door knows who takes it off */
        return fault(FAULT_DENIED, "You may not change this: %s.", tr(type->title));
    if (!header)
        api_problem(r, answer, 428, tr("Send If-Match with the ETag of the version that you read."), NULL);
    else if (!matches(header, ((struct record_head *)record)->version))
        stale(r, answer);
    else
        *matched = true;
    return NULL;
}

struct fault *version_stale(struct request *r, struct response *answer, const struct record_type *type,
                            int64_t version, struct fault *failed)
{
    if (!failed || failed->code != FAULT_CONFLICT)
        return failed;
    struct fault kept = *failed;
    void *now = record_new(r->arena, type);
    struct door *again = NULL;
    TRY(door_open(door_space(door_of(r)), r->arena, door_viewer(door_of(r))->person, &again));
    TRY(door_load_any(again, type, request_id(r, "id"), now, NULL));
    if (((struct record_head *)now)->version == version)
        return fault_again(&kept);
    stale(r, answer);
    return NULL;
}
