/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* json_fuzz.c - any bytes as a JSON body: read into a struct of every kind, or refused with a problem that is
 * JSON itself; what is read and written reads back the same. */
#include <stdlib.h>
#include <string.h>

#include "api/shape.h"
#include "http/exchange.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct every {
    const char *text, *one_of, **texts;
    int64_t id, integer, day;
    double real;
    bool flag;
    size_t text_count, inner_count;
    struct inner {
        const char *name;
        int64_t bounded;
    } * inner;
};
static const char *const values[] = {"one", "two", NULL};
static const struct member inner_members[] = {MEMBER(TEXT, inner, name, NULL),
                                              MEMBER(INTEGER, inner, bounded, NULL, .least = 1, .most = 9)};
static const struct shape inner_shape = SHAPE("inner", inner, inner_members);
static const struct member every_members[] = {
    MEMBER(TEXT, every, text, NULL),
    MEMBER(TEXT, every, one_of, NULL, .names = values, .maybe = true),
    MEMBER(TEXTS, every, texts, NULL, COUNTED(every, text_count), .maybe = true),
    MEMBER(ID, every, id, NULL, .maybe = true),
    MEMBER(INTEGER, every, integer, NULL, .maybe = true),
    MEMBER(DAY, every, day, NULL, .maybe = true),
    MEMBER(REAL, every, real, NULL, .maybe = true),
    MEMBER(FLAG, every, flag, NULL),
    MEMBER(LIST, every, inner, NULL, .of = &inner_shape, COUNTED(every, inner_count), .maybe = true)};
static const struct shape every_shape = SHAPE("every", every, every_members);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* False when it was refused; *written is what was read. */
static bool take(struct arena *a, struct slice body, struct slice *written)
{
    struct param type = {"Content-Type", "application/json"};
    struct request r = {
        .arena = a, .method = "POST", .target = "/", .path = "/", .body = body, .headers = {&type, 1}};
    struct response *answer = response_new(a, false);
    struct every read = {.integer = UNKNOWN_INTEGER, .day = UNKNOWN_INTEGER, .real = UNKNOWN_REAL};
    bool taken = shape_take(&r, answer, &every_shape, &read);
    if (taken)
        shape_answer(&r, answer, &every_shape, &read);
    else
        require(answer->status == 400 || answer->status == 422);
    *written = buffer_view(answer->body);
    json_t *again = json_loadb(written->ptr, written->len, JSON_REJECT_DUPLICATES, NULL);
    require(json_is_object(again));
    json_decref(again);
    return taken;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_SCOPE(a);
    struct slice first, second;
    if (take(a, (struct slice){(const char *)data, size}, &first)) {
        require(take(a, first, &second));
        require(slice_equal(first, second));
    }
    return 0;
}
