/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Letters that come in, good ones and hostile ones. */
#include "mail/message.h"

#include <iconv.h>
#include <stdio.h>
#include <string.h>

#include "arena/arena.h"
#include "limits/limits.h"
#include "mail/charset.h"
#include "test.h"
#include "text/buffer.h"
#include "text/fold.h"

static int open_arena(void **state)
{
    *state = arena_new(LIMIT_SCRATCH_MEMORY);
    return 0;
}

static int close_arena(void **state)
{
    arena_free(*state);
    return 0;
}

static struct mail_message read_text(struct arena *a, const char *text)
{
    struct mail_message m;
    assert_ok(mail_message_read(a, slice_of(text), "mx.example", &m));
    return m;
}

static void a_letter_is_read_as_its_writer_meant_it(void **state)
{
    struct mail_message m = read_text(
        *state, "From: =?utf-8?B?SMOpbMOobmU=?= <helene@example.org>\r\n"
                "Subject: =?iso-8859-1?Q?D=E9colletage?=\r\n"
                "Message-ID: <7@her.example>\r\n"
                "In-Reply-To: <abc@grappe.example>\r\n"
                "MIME-Version: 1.0\r\n"
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                "--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nplan\r\n"
                "--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n"
                "--c\r\nContent-Type: text/html\r\n\r\n<b>HTML</b>\r\n"
                "--c\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
                "Content-Transfer-Encoding: quoted-printable\r\n\r\npi=E8ces\r\n--c--\r\n--b--\r\n");
    assert_string_equal(m.from, "helene@example.org");
    assert_string_equal(m.subject, "Décolletage");
    assert_string_equal(m.id, "7@her.example");
    assert_string_equal(m.answers, "abc");
    assert_memory_equal(m.text, "pièces", strlen("pièces"));
    assert_false(m.automatic);
    assert_null(m.status);
}

static void what_it_answers_is_named_in_either_header(void **state)
{
    static const struct {
        const char *head, *answers;
    } cases[] = {{"In-Reply-To: <a@x>\nReferences: <b@x> <c@x>\n\nx", "a"},
                 {"References: <b@x>\n <c@x>\n\nx", "c"},
                 {"References: c@x\n\nx", NULL},
                 {"From: a@b.example\n\nx", NULL}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *answers = read_text(*state, cases[i].head).answers;
        print_message("# %s\n", cases[i].head);
        assert_true(cases[i].answers ? answers && strcmp(answers, cases[i].answers) == 0 : answers == NULL);
    }
}

static void who_wrote_is_one_or_nobody(void **state)
{
    static const struct {
        const char *head, *from;
    } cases[] = {{"From: a@b.example\n\nx", "a@b.example"},
                 {"From: a@b.example, c@d.example\n\nx", NULL},
                 {"From: friends: a@b.example, c@d.example;\n\nx", NULL},
                 {"Sender: a@b.example\n\nx", NULL},
                 {"From: a@b.example\nX: y\nfrom: c@d.example\n\nx", NULL},
                 {"From:\n\nx", NULL}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *from = read_text(*state, cases[i].head).from;
        print_message("# %s\n", cases[i].head);
        assert_true(cases[i].from ? from && strcmp(from, cases[i].from) == 0 : from == NULL);
    }
}

static void what_programs_write_is_known(void **state)
{
    static const struct {
        const char *head;
        bool automatic;
    } cases[] = {{"From: a@b.example\n\nx", false},
                 {"From: a@b.example\nAuto-Submitted: no\n\nx", false},
                 {"From: a@b.example\nAuto-Submitted: auto-replied\n\nx", true},
                 {"From: a@b.example\nPrecedence: Bulk\n\nx", true},
                 {"From: a@b.example\nList-Id: <l.example>\n\nx", true}};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(read_text(*state, cases[i].head).automatic, cases[i].automatic);
}

/* Only what the named server wrote on top counts. */
static void who_wrote_is_vouched_for_by_one_server(void **state)
{
#define PASS(by) "Authentication-Results: " by "; dmarc=pass header.from=b.example\n"
#define FAIL(by) "Authentication-Results: " by "; dmarc=fail header.from=b.example\n"
    static const struct {
        const char *head;
        bool vouched;
    } cases[] = {{"", false},
                 {PASS("mx.example"), true},
                 {"authentication-results: MX.example 1;\n dmarc=pass\n header.from=B.example\n", true},
                 {PASS("other.example"), false},
                 {PASS("other.example") PASS("mx.example"), true},
                 {FAIL("mx.example") PASS("mx.example"), false},
                 {"Authentication-Results: mx.example; none\n" PASS("mx.example"), false},
                 {"X-Authentication-Results: mx.example; dmarc=pass header.from=b.example\n", false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("# %s\n", cases[i].head);
        const char *letter = arena_print(*state, "%sFrom: a@b.example\n\nx", cases[i].head);
        assert_int_equal(read_text(*state, letter).vouched, cases[i].vouched);
    }
    struct mail_message m;
    assert_ok(mail_message_read(*state, S(PASS("mx.example") "From: a@b.example\n\nx"), NULL, &m));
    assert_false(m.vouched);
}

static void where_it_came_to_is_read_of_each_header(void **state)
{
    static const struct {
        const char *head, *last; /* of To */
    } cases[] = {{"To: returns+12ab@x.example\n\nx", "12ab"},
                 {"To: \"A+B\" <returns+12ab@x.example>\n\nx", "12ab"},
                 {"To: a+b+12ab@x.example\n\nx", "12ab"},
                 {"To: returns@x.example\n\nx", NULL},
                 {"To: returns+12ab\n\nx", NULL},
                 {"From: a+1@b.example\n\nx", NULL}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *found = read_text(*state, cases[i].head).sub_addresses[2];
        print_message("# %s\n", cases[i].head);
        assert_true(cases[i].last ? found && strcmp(found, cases[i].last) == 0 : found == NULL);
    }
    struct mail_message m =
        read_text(*state, "To: returns+1@x.example\nDelivered-To: box+inbox@x.example\n\nx");
    assert_null(m.sub_addresses[0]);
    assert_string_equal(m.sub_addresses[1], "inbox");
    assert_string_equal(m.sub_addresses[2], "1");
}

/* What programs say of their bytes, do not say, or say wrongly: nothing is lost, and what is kept is UTF-8.
 */
static void a_text_is_read_in_the_charset_it_has(void **state)
{
#define TYPE(charset) "Content-Type: text/plain; charset=" charset "\n\n"
    static const struct {
        const char *letter, *text;
    } cases[] = {{TYPE("iso-8859-1") "pi\xE8"
                                     "ces",
                  "pièces"},
                 {TYPE("iso-8859-15") "12 \xA4", "12 €"},
                 {TYPE("windows-1252") "l\x92"
                                       "axe",
                  "l’axe"},
                 {TYPE("\"koi8-r\"") "\xC4\xC1", "да"},
                 {"\npi\xE8"
                  "ces",
                  "pièces"},
                 {"\npi\xC3\xA8"
                  "ces",
                  "pièces"},
                 {TYPE("us-ascii") "pi\xE8"
                                   "ces",
                  "pièces"},
                 {TYPE("x-nobodys") "pi\xE8"
                                    "ces",
                  "pièces"},
                 {TYPE("utf-8") "pi\xE8"
                                "ces",
                  "pi\xEF\xBF\xBD"
                  "ces"},
                 {TYPE("utf-8") "pi\xC3", "pi\xEF\xBF\xBD"},
                 {TYPE("windows-1252") "a\x81"
                                       "b",
                  "a\xEF\xBF\xBD"
                  "b"},
                 {"Content-Transfer-Encoding: base64\n" TYPE("utf-16le") "cADoAA==\n", "pè"},
                 {TYPE("utf-8") "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mail_message m = read_text(*state, cases[i].letter);
        print_message("# %zu %s\n", i, cases[i].text);
        assert_string_equal(m.text, cases[i].text);
    }
    struct mail_message m = read_text(*state, "From: \xE9@b.example\nSubject: pi\xE8"
                                              "ces \xFF\nMessage-ID: <\xE8@x>\n\nx");
    assert_true(utf8_valid(slice_of(m.subject)) && utf8_valid(slice_of(m.id)));
    assert_true(!m.from || utf8_valid(slice_of(m.from)));
    assert_non_null(strstr(m.subject, "ces"));
    struct buffer *long_one = buffer_new(*state, MESSAGE_MOST);
    buffer_text(long_one, TYPE("iso-8859-1"));
    for (int i = 0; i < 100000; i++)
        buffer_text(long_one, i % 1000 ? "\xE8" : "\n");
    assert_int_equal(strlen(read_text(*state, buffer_string(long_one)).text), 2 * 99900 + 100);
}

/* ~ is a charset, ^ are bytes in it. */
static struct slice letter_in(struct arena *a, const char *charset, const char *bytes)
{
    static const char form[] = "From: =?~?Q?^?= <a@b.example>\n"
                               "To: \"=\\?~?Q?^?=\" <a@b.example>\n"
                               "Cc: \"=\"\"?~?Q?^?=\" <a@b.example>\n"
                               "Subject: =?~*en?Q?^?=\n"
                               "Content-Disposition: inline; filename=\"=\\?~?Q?^?=\"; name*=~''%0E%E8\n"
                               "Content-Transfer-Encoding: quoted-printable\n"
                               "Content-Type: text/plain; charset=\"~\"\n\n^";
    struct buffer *letter = buffer_new(a, MESSAGE_MOST);
    for (const char *c = form; *c; c++)
        buffer_print(letter, "%.*s", *c == '~' || *c == '^' ? 64 : 1,
                     *c == '~'   ? charset
                     : *c == '^' ? bytes
                                 : c);
    return buffer_view(letter);
}

/* Wherever a letter can name one, also where only quotes that are taken off show it. */
static void no_charset_of_this_machine_stops_the_reading(void **state)
{
    static const char *const bytes[] = {"=0E", "=1B$)E", "=1B$)A=0E", "=E8=E9x", "=FF"};
    FILE *names = popen("iconv -l", "r");
    char name[64];
    int count = 0;
    (void)state;
    assert_non_null(names);
    for (; fscanf(names, " %63[^/\n]%*[^\n]", name) == 1; count++)
        for (size_t i = 0; i < COUNT(bytes); i++) {
            ARENA_SCOPE(a);
            struct mail_message m;
            struct fault *failed = mail_message_read(a, letter_in(a, name, bytes[i]), NULL, &m);
            assert_true(failed ? failed->code == FAULT_INVALID
                               : utf8_valid(slice_of(m.text)) && utf8_valid(slice_of(m.subject)));
            assert_true(failed || !m.from ||
                        strcmp(m.from, "a@b.example") == 0); /* a name may have a colon */
        }
    assert_int_equal(pclose(names), 0);
    assert_true(count > 100);
}

static void only_charsets_of_the_list_are_opened(void **state)
{
    static const char *const no[] = {"",
                                     "ISO-2022-CN-EXT",
                                     "ISO-2022-CN-EXT//IGNORE",
                                     "utf-8//TRANSLIT",
                                     "UTF-7",
                                     "iso-8859-",
                                     "iso-8859-1x",
                                     "windows-125",
                                     "IBM1364//",
                                     "cp1250,"};
    static const char *const yes[] = {"UTF-8", "iso-8859-15", "Windows-1252", "CP1252", "iso-2022-jp"};
    for (size_t i = 0; i < COUNT(no); i++)
        assert_true(iconv_open("UTF-8", no[i]) == (iconv_t)-1);
    for (size_t i = 0; i < COUNT(yes); i++)
        assert_int_equal(iconv_close(iconv_open("UTF-8", yes[i])), 0);
    struct slice text = charset_text(*state,
                                     S("pi\xE8"
                                       "ces"),
                                     "");
    assert_string_equal(text.ptr, "pièces");
}

/* Of a charset's name, of groups within groups, in one line or in many that go on. */
static void a_header_without_end_is_in_no_letter(void **state)
{
    static const char *const cases[][3] = {{"Subject: =?", "A", "?Q?x?="},
                                           {"From: \"=?", "A", "?Q?x?=\" <a@b.example>"},
                                           {"From: ", "a:", ""},
                                           {"From: ", "a:\n ", ""},
                                           {"Content-Type: text/plain; name*=", "A", "''x"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buffer *letter = buffer_new(*state, MESSAGE_MOST);
        struct mail_message m;
        buffer_text(letter, cases[i][0]);
        while (letter->len < MESSAGE_MOST - 100)
            buffer_text(letter, cases[i][1]);
        buffer_text(letter, cases[i][2]);
        buffer_text(letter, "\n\nx");
        assert_fault(mail_message_read(*state, buffer_view(letter), NULL, &m), FAULT_INVALID);
    }
}

/* It would hide what follows, from whoever reads the draft. */
static void a_byte_zero_is_in_no_letter(void **state)
{
    const struct slice cases[] = {
        S("From: a@b.example\n\nan axle\0 and more"), S("From: a@b.example\nSubject: a\0b\n\nan axle"),
        S("From: a@b.example\nContent-Transfer-Encoding: quoted-printable\n\nan axle=00 and more"),
        S("From: a@b.example\nContent-Transfer-Encoding: base64\n\nYQBi\n")};
    struct mail_message m;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_fault(mail_message_read(*state, cases[i], NULL, &m), FAULT_INVALID);
}

/* Parts within parts, without end; a report without its parts; no end, no sense. */
static void a_hostile_letter_harms_nobody(void **state)
{
    struct arena *a = *state;
    struct buffer *deep = buffer_new(a, MESSAGE_MOST);
    struct mail_message m;
    for (int i = 0; i < 20000; i++)
        buffer_print(deep, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
    m = read_text(a, buffer_string(deep));
    assert_string_equal(m.text, "");
    m = read_text(
        a, "From: a@b.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
           "--b\n\nonly words\n--b--\n");
    assert_null(m.status);
    m = read_text(
        a, "From: a@b.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
           "--b\n\n--b\n\nAction: failed\nStatus: 4.2.2\n--b--\n");
    assert_null(m.status);
    assert_fault(mail_message_read(a, (struct slice){"", 0}, NULL, &m), FAULT_INVALID);
    assert_fault(
        mail_message_read(
            a,
            (struct slice){memset(NEW(a, char, MESSAGE_MOST + 1), 'x', MESSAGE_MOST + 1), MESSAGE_MOST + 1},
            NULL, &m),
        FAULT_INVALID);
}

#define ARENA(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {ARENA(a_letter_is_read_as_its_writer_meant_it),
                                       ARENA(what_it_answers_is_named_in_either_header),
                                       ARENA(who_wrote_is_one_or_nobody),
                                       ARENA(what_programs_write_is_known),
                                       ARENA(who_wrote_is_vouched_for_by_one_server),
                                       ARENA(where_it_came_to_is_read_of_each_header),
                                       ARENA(a_text_is_read_in_the_charset_it_has),
                                       cmocka_unit_test(no_charset_of_this_machine_stops_the_reading),
                                       ARENA(only_charsets_of_the_list_are_opened),
                                       ARENA(a_header_without_end_is_in_no_letter),
                                       ARENA(a_byte_zero_is_in_no_letter),
                                       ARENA(a_hostile_letter_harms_nobody)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
