/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "html/html.h"
#include "i18n/i18n.h"
#include "number/checked.h"
#include "random/random.h"
#include "sample_templates.h"
#include "web/sample.h"

static void values_are_escaped_and_literals_are_not(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct html *h = html_new(a, MIB);
    html(h, "<b title=\"%s\">%s</b>%c%%", "a\"b'c", "<script>&", '<');
    assert_string_equal(buffer_string(h->out), "<b title=\"a&quot;b&#39;c\">&lt;script&gt;&amp;</b>&lt;%");
}

static void directives_print_as_printf_does(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const char *volatile nothing = NULL; /* the compiler must not see it */
    struct html *h = html_new(a, MIB);
    html(h, "%d %i %u %ld %lld %zu %5d|%x %.2f %g %.*s %s", -3, 4, 5U, 6L, -7LL, (size_t)8, 9, 255U, 0.125,
         1e9, 2, "abc", nothing);
    assert_string_equal(buffer_string(h->out), "-3 4 5 6 -7 8     9|ff 0.12 1e+09 ab ");
}

/* The reader's side of escaping, as a browser does it. */
static char *unescaped(struct arena *a, const char *text)
{
    static const struct {
        const char *entity;
        char c;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    char *out = NEW(a, char, strlen(text) + 1), *p = out;
    while (*text) {
        *p = *text;
        size_t taken = 1;
        for (size_t i = 0; i < COUNT(entities); i++)
            if (strncmp(text, entities[i].entity, strlen(entities[i].entity)) == 0) {
                *p = entities[i].c;
                taken = strlen(entities[i].entity);
            }
        text += taken;
        p++;
    }
    return out;
}

static void escaped_text_reads_back_as_it_was(void **state)
{
    (void)state;
    struct random random = random_seeded(7, 1);
    static const char alphabet[] = "<>&\"'abc é;#amp lt";
    for (int round = 0; round < 5000; round++) {
        ARENA_SCOPE(a);
        char text[64];
        size_t length = random_below(&random, sizeof text - 1);
        for (size_t i = 0; i < length; i++)
            text[i] = alphabet[random_below(&random, sizeof alphabet - 1)];
        text[length] = '\0';
        struct html *h = html_new(a, MIB);
        html_text(h, text);
        assert_null(strpbrk(buffer_string(h->out), "<>\"'"));
        assert_string_equal(unescaped(a, buffer_string(h->out)), text);
    }
}

/* Eight bytes are looked at together: each special byte, at each place, in each length around it. */
static void every_place_is_looked_at(void **state)
{
    (void)state;
    static const char specials[] = "&<>\"'";
    for (size_t length = 1; length <= 26; length++)
        for (size_t at = 0; at < length; at++)
            for (size_t i = 0; i < sizeof specials - 1; i++) {
                ARENA_SCOPE(a);
                char *text = NEW(a, char, length + 1);
                memset(text, i % 2 ? 0xC3 : '%', length);
                text[at] = specials[i];
                struct html *h = html_new(a, KIB);
                html_slice(h, (struct slice){text, length});
                const char *out = buffer_string(h->out);
                assert_int_equal(out[at], '&');
                assert_true(h->out->len > length);
                assert_string_equal(unescaped(a, out), text);
            }
    ARENA_SCOPE(a);
    struct html *h = html_new(a, KIB);
    html_slice(h, (struct slice){NULL, 0});
    assert_int_equal(h->out->len, 0);
}

static void links_lead_nowhere_dangerous(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        bool good;
    } cases[] = {{"https://a.fr", true},
                 {"HTTP://a.fr", true},
                 {"mailto:a@b.fr", true},
                 {"/a:b", true},
                 {"a?b:c", true},
                 {"#x:y", true},
                 {"", true},
                 {NULL, false},
                 {"javascript:alert(1)", false},
                 {" javascript:x", false},
                 {"java\tscript:x", false},
                 {"\x01javascript:x", false},
                 {"data:text/html,x", false},
                 {"JaVaScRiPt:x", false},
                 {"vbscript:x", false},
                 {"https", true},
                 {"file:///etc", false}};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(url_checked(cases[i].address), cases[i].good ? cases[i].address : "#");
}

static void html_checks_addresses_by_itself(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct html *h = html_new(a, MIB);
    html(h, "<a href=\"%s\" title=\"%s\">", "javascript:x", "javascript:x");
    html(h, "<img src=\"%s\" alt=\"\"><form action=\"%s\">", "data:x", "/a&b");
    assert_string_equal(buffer_string(h->out), "<a href=\"#\" title=\"javascript:x\"><img src=\"#\" alt=\"\">"
                                               "<form action=\"/a&amp;b\">");
}

static void components_stay_one_component(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    assert_string_equal(url(a, "/a/%s?b=%s&n=%lld", "x/y?z", "é&=#", 12LL),
                        "/a/x%2Fy%3Fz?b=%C3%A9%26%3D%23&n=12");
}

static void one_parameter_changes_at_a_time(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    assert_string_equal(url_with(a, "/a?tri=nom&p=2#x", "tri", "é"), "/a?p=2&tri=%C3%A9");
    assert_string_equal(url_with(a, "/a?tri=nom&tri=x", "tri", NULL), "/a");
    assert_string_equal(url_with(a, "/a", "q", ""), "/a?q=");
    assert_string_equal(url_adding(a, "/a?m=1", "m", "2"), "/a?m=1&m=2");
    assert_string_equal(url_without(a, "/a?m=1&m=2&m=12", "m", "2"), "/a?m=1&m=12");
    assert_string_equal(url_with(a, "/a?&b&c=1", "b", NULL), "/a?c=1");
}

static const char *no_secret(void *owner)
{
    return owner;
}

static void a_template_makes_the_page(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    language_set(LANGUAGE_EN);
    struct html *h = html_new(a, MIB);
    static char token[] = "t0k\"en";
    h->token = no_secret;
    h->owner = token;
    const struct sample_row row = {.id = 12,
                                   .staff = UNKNOWN_INTEGER,
                                   .name = "A & B",
                                   .place = "Besançon /?",
                                   .website = "javascript:x"};
    sample_list(
        h, &(struct sample_list){.title = "<T>", .typed = "\"", .wrong = true, .rows = &row, .count = 1});
    assert_string_equal(
        buffer_string(h->out),
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>&lt;T&gt; · "
        "Grappe</title></head>"
        "<body><main><h1>&lt;T&gt;</h1><p>1 organisation</p><form method=\"post\" action=\"/organisations\">"
        "<input type=\"hidden\" name=\"csrf\" value=\"t0k&quot;en\"><label>Name <input name=\"name\" "
        "value=\"&quot;\" aria-invalid=\"true\"></label> <button>Save</button></form><table><tr>"
        "<td><a href=\"/organisations/12\">A &amp; B</a></td><td></td><td>Besançon "
        "/?</td><td></td><td></td><td></td>"
        "<td><a href=\"#\">javascript:x</a></td>"
        "<td><a href=\"/organisations?commune=Besan%C3%A7on%20%2F%3F\">Nearby</a></td></tr></table>"
        "</main></body></html>");
    language_set(LANGUAGE_FR);
}

static void long_messages_are_not_cut(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    char *name = NEW(a, char, 2001);
    memset(name, '<', 2000);
    struct html *h = html_new(a, MIB);
    html(h, "%s", name);
    assert_int_equal(h->out->len, 8000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_escaped_and_literals_are_not),
        cmocka_unit_test(directives_print_as_printf_does),
        cmocka_unit_test(escaped_text_reads_back_as_it_was),
        cmocka_unit_test(every_place_is_looked_at),
        cmocka_unit_test(links_lead_nowhere_dangerous),
        cmocka_unit_test(html_checks_addresses_by_itself),
        cmocka_unit_test(components_stay_one_component),
        cmocka_unit_test(one_parameter_changes_at_a_time),
        cmocka_unit_test(a_template_makes_the_page),
        cmocka_unit_test(long_messages_are_not_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
