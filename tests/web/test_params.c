/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <string.h>

#include "http/exchange.h"
#include "http/multipart.h"
#include "random/random.h"
#include "router/match.h"
#include "text/buffer.h"

static void pairs_are_decoded(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct params p;
    assert_ok(params_read(a, S("q=al%C3%A9sage+%2B+0%2C8&m=1&m=2&empty=&bare&=x&&"), &p));
    assert_string_equal(param(&p, "q"), "alésage + 0,8");
    assert_int_equal(param_count(&p, "m"), 2);
    assert_string_equal(param(&p, "empty"), "");
    assert_string_equal(param(&p, "bare"), "");
    assert_string_equal(param(&p, ""), "x");
    assert_null(param(&p, "absent"));
    assert_string_equal(param_text(&p, "absent"), "");
    assert_ok(params_read(a, S(""), &p));
    assert_int_equal(p.count, 0);
}

static void damaged_pairs_are_refused(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const char *const bad[] = {"q=%",   "q=%4",  "q=%zz", "%g0=1",
                                      "q=%00", "q=%FF", "q=%C3", "q=%ED%A0%80"};
    struct params p;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_fault(params_read(a, slice_of(bad[i]), &p), FAULT_INVALID);
    struct buffer *many = buffer_new(a, MIB);
    for (int i = 0; i < LIMIT_FORM_FIELDS; i++)
        buffer_text(many, "a=b&");
    assert_ok(params_read(a, buffer_view(many), &p));
    buffer_text(many, "a=b");
    assert_fault(params_read(a, buffer_view(many), &p), FAULT_LIMIT);
}

static void what_is_encoded_decodes_to_itself(void **state)
{
    (void)state;
    struct random random = random_seeded(3, 1);
    static const char *const pieces[] = {
        "a", "é", "œ", "%", "&", "=", "+", " ", "\"", "/", "\xF0\x9F\x95\xB0", "\n"};
    for (int round = 0; round < 2000; round++) {
        ARENA_SCOPE(a);
        struct buffer *text = buffer_new(a, KIB);
        for (uint64_t i = random_below(&random, 20); i > 0; i--)
            buffer_text(text, pieces[random_below(&random, COUNT(pieces))]);
        struct params p;
        assert_ok(params_read(a, slice_of(url(a, "x=%s&y=1", buffer_string(text))), &p));
        assert_string_equal(param(&p, "x"), buffer_string(text));
        assert_int_equal(p.count, 2);
    }
}

static void cookies_survive_bad_neighbours(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct params p;
    cookies_read(a, "grappe_session=abc; other=\"q\"; bad; =x; s p=1; e=\xC3\xA9; last=z=1 ", &p);
    assert_string_equal(param(&p, "grappe_session"), "abc");
    assert_string_equal(param(&p, "other"), "q");
    assert_string_equal(param(&p, "last"), "z=1");
    assert_int_equal(p.count, 3);
    cookies_read(a, NULL, &p);
    assert_int_equal(p.count, 0);
}

static void behind_tls_only_host_cookies_count(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct param headers[] = {{"cookie", "grappe_session=theirs; __Host-grappe_session=ours"}};
    struct request r = {.arena = a, .method = "GET", .headers = {headers, 1}};
    request_read(&r, "/", S(""), true);
    assert_string_equal(param(&r.cookies, "grappe_session"), "ours");
    assert_int_equal(r.cookies.count, 1);
}

struct form {
    struct params fields;
    struct upload *files;
    size_t count;
};

static struct fault *form_read(struct arena *a, const char *type, struct slice body, struct form *f)
{
    *f = (struct form){0};
    return multipart_read(a, type, body, &f->fields, &f->files, &f->count);
}

#define TYPE "multipart/form-data; boundary=XX"
#define PART(head, content) "--XX\r\nContent-Disposition: form-data; " head "\r\n\r\n" content "\r\n"

static void files_and_fields_come_apart(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct form f;
    struct slice body = S(PART("name=\"space\"", "Temis") PART("name=\"a%22b\"", "") PART(
        "name=\"file\"; filename=\"C:\\dir\\firmes; é.csv\"\r\nContent-Type: text/csv", "a;b\r\n--X\0\xFF")
                              PART("name=\"file\"; filename=\"\"", "") "--XX--\r\n");
    assert_ok(form_read(a, "Multipart/form-data; charset=utf-8; boundary=\"XX\"", body, &f));
    assert_string_equal(param(&f.fields, "space"), "Temis");
    assert_string_equal(param(&f.fields, "a\"b"), "");
    assert_int_equal(f.count, 1);
    assert_string_equal(f.files[0].field, "file");
    assert_string_equal(f.files[0].file_name, "firmes; é.csv");
    assert_string_equal(f.files[0].type, "text/csv");
    assert_true(slice_equal(f.files[0].content, S("a;b\r\n--X\0\xFF")));
}

static void hostile_forms_are_refused(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const struct {
        const char *type;
        struct slice body;
    } cases[] = {
        {"multipart/form-data", S("x")},
        {"multipart/form-data; boundary=", S("x")},
        {TYPE, S("")},
        {TYPE, S("--XY\r\n")},
        {TYPE, S("--XX\r\n")},
        {TYPE, S("--XX")},
        {TYPE, S("--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XX--")},
        {TYPE, S(PART("name=\"\"", "x") "--XX--")},
        {TYPE, S("--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nnever ends")},
        {TYPE, S(PART("name=\"a\"", "x") "--XX")},
        {TYPE, S(PART("name=\"a\0b\"", "x") "--XX--")},
        {TYPE, S(PART("name=\"a\"", "x\0y") "--XX--")},
        {TYPE, S(PART("name=\"a\"", "\xFF") "--XX--")},
        {TYPE, S(PART("name=\"\xFF\"", "x") "--XX--")},
    };
    struct form f;
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("# case %zu\n", i);
        assert_fault(form_read(a, cases[i].type, cases[i].body, &f), FAULT_INVALID);
    }
    char *long_boundary = arena_print(a, "multipart/form-data; boundary=%071d", 1);
    assert_fault(form_read(a, long_boundary, S("x"), &f), FAULT_INVALID);
}

static void too_many_of_anything_is_a_limit(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct form f;
    struct buffer *fields = buffer_new(a, MIB), *files = buffer_new(a, MIB), *text = buffer_new(a, 4 * MIB);
    for (int i = 0; i < 1000; i++)
        buffer_text(fields, PART("name=\"a\"", "x"));
    for (int i = 0; i <= LIMIT_FORM_FILES; i++)
        buffer_text(files, PART("name=\"a\"; filename=\"b\"", "x"));
    buffer_text(files, "--XX--");
    buffer_text(text, "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n");
    for (size_t i = 0; i <= LIMIT_BODY / 16; i++)
        buffer_text(text, "0123456789abcdef");
    buffer_text(text, "\r\n--XX--");
    assert_fault(form_read(a, TYPE, buffer_view(fields), &f), FAULT_LIMIT);
    assert_fault(form_read(a, TYPE, buffer_view(files), &f), FAULT_LIMIT);
    assert_fault(form_read(a, TYPE, buffer_view(text), &f), FAULT_LIMIT);
}

static void paths_fit_patterns_or_not(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const struct {
        const char *pattern, *path;
        bool fits;
    } cases[] = {{"/", "/", true},
                 {"/a/{id}", "/a/12", true},
                 {"/a/{id}", "/a/9223372036854775807", true},
                 {"/a/{id}", "/a/9223372036854775808", false},
                 {"/a/{id}", "/a/0", false},
                 {"/a/{id}", "/a/-1", false},
                 {"/a/{id}", "/a/012", false},
                 {"/a/{id}", "/a/1x", false},
                 {"/a/{id}", "/a/", false},
                 {"/a/{id}", "/a/12/", false},
                 {"/a/{id}/b", "/a/12/b", true},
                 {"/a/{id}/b", "/a/12", false},
                 {"/a/{name}", "/a/x%20y", true},
                 {"/a/{name}", "/a/..", false},
                 {"/a/{name}", "/a/%2e%2E", false},
                 {"/a/{name}", "/a/x%2Fy", false},
                 {"/a/{name}", "/a/x%5Cy", false},
                 {"/a/{name}", "/a/x%00", false},
                 {"/a/{name}", "/a/x%0d%0a", false},
                 {"/a/{name}", "/a/%zz", false},
                 {"/a/{name}", "/a//", false},
                 {"/a", "/a/", false},
                 {"/a", "//a", false},
                 {"/a", "/A", false},
                 {"/a", "/a/../a", false}};
    struct params parts;
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("# %s %s\n", cases[i].pattern, cases[i].path);
        assert_int_equal(path_fits(a, cases[i].pattern, cases[i].path, &parts), cases[i].fits);
    }
    assert_true(path_fits(a, "/a/{firm_id}/{name}", "/a/7/%C3%A9+", &parts));
    assert_string_equal(param(&parts, "firm_id"), "7");
    assert_string_equal(param(&parts, "name"), "é+");
}

static void patterns_have_one_order(void **state)
{
    (void)state;
    assert_true(pattern_compare("/a/new", "/a/{id}") < 0);
    assert_true(pattern_compare("/a/{id}", "/a/{name}") < 0);
    assert_int_equal(pattern_compare("/a/{id}", "/a/{firm_id}"), 0);
    assert_true(pattern_compare("/a", "/a/b") < 0);
    assert_true(pattern_valid("/"));
    assert_true(pattern_valid("/a/{id}/b-c"));
    static const char *const bad[] = {"",    "a",      "/a/",  "//",   "/a//b", "/{",
                                      "/{}", "/a{id}", "/{id", "/a b", "/a?b"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        print_message("# %s\n", bad[i]);
        assert_false(pattern_valid(bad[i]));
    }
}

static void unreadable_targets_are_refused_with_a_status(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct param headers[] = {{"Content-Type", TYPE}};
    struct request bad = {.arena = a, .method = "POST", .headers = {headers, 1}};
    request_read(&bad, "/a?q=%zz", S(""), false);
    assert_int_equal(bad.refused, 400);
    struct request star = {.arena = a, .method = "OPTIONS"};
    request_read(&star, "*", S(""), false);
    assert_int_equal(star.refused, 400);
    struct request body = {.arena = a, .method = "POST", .headers = {headers, 1}};
    request_read(&body, "/a", S("nothing"), false);
    assert_int_equal(body.refused, 400);
    struct request lengthy = {.arena = a, .method = "GET"};
    request_read(&lengthy, arena_print(a, "/%09000d", 1), S(""), false);
    assert_int_equal(lengthy.refused, 414);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_decoded),
        cmocka_unit_test(damaged_pairs_are_refused),
        cmocka_unit_test(what_is_encoded_decodes_to_itself),
        cmocka_unit_test(cookies_survive_bad_neighbours),
        cmocka_unit_test(behind_tls_only_host_cookies_count),
        cmocka_unit_test(files_and_fields_come_apart),
        cmocka_unit_test(hostile_forms_are_refused),
        cmocka_unit_test(too_many_of_anything_is_a_limit),
        cmocka_unit_test(paths_fit_patterns_or_not),
        cmocka_unit_test(patterns_have_one_order),
        cmocka_unit_test(unreadable_targets_are_refused_with_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
