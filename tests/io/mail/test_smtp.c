/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "mail/smtp.h"

static void words_of_a_header_fit_its_lines(void **state)
{
    ARENA_SCOPE(a);
    const struct {
        const char *text, *words;
    } cases[] = {{"Plain words", "Plain words"},
                 {"", ""},
                 {"two\r\nBcc: all", "two  Bcc: all"},
                 {"é", "=?UTF-8?B?w6k=?="},
                 {"=?not ours?=", "=?UTF-8?B?PT9ub3Qgb3Vycz89?="}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(mail_words(a, cases[i].text), cases[i].words);
    char *text = arena_print(a, "%s", "Une très très longue ligne d’été à propos de décolletage, ça déborde");
    const char *words = mail_words(a, text);
    for (const char *line = words; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        assert_true(strcspn(line, "\r") <= 76);
        assert_non_null(strstr(line, "=?UTF-8?B?"));
    }
}

static void settings_are_read_or_refused_by_name(void **state)
{
    ARENA_SCOPE(a);
    const struct {
        const char *url, *from, *password, *refused; /* refused: NULL for good */
        const char *returns;
    } cases[] = {
        {"smtp://mail.example:587", "a@b.example", NULL, NULL},
        {"smtps://me%40b.example@mail.example", "Grappe <a@b.example>", "x", NULL},
        {"smtp://me@mail.example", "a@b.example", NULL, "mail"},
        {"smtp://me:secret@mail.example", "a@b.example", "x", "mail"},
        {"http://mail.example", "a@b.example", NULL, "mail"},
        {"mail.example", "a@b.example", NULL, "mail"},
        {"smtp://mail.example", "Grappe", NULL, "mail-from"},
        {"smtp://mail.example", "Grappe <>", NULL, "mail-from"},
        {"smtp://mail.example", "a@b.example", NULL, NULL, "returns@b.example"},
        {"smtp://mail.example", "a@b.example", NULL, "mail-returns", "returns"},
        {"smtp://mail.example", "a@b.example", NULL, NULL, "a23456789b123456789c123@b.example"},
        {"smtp://mail.example", "a@b.example", NULL, "mail-returns", "a23456789b123456789c1234@b.example"}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct smtp_settings s;
        print_message("# %s %s\n", cases[i].url, cases[i].from);
        struct fault *refused =
            smtp_settings_read(a, cases[i].url, cases[i].from, cases[i].returns, cases[i].password, &s);
        assert_int_equal(!refused, !cases[i].refused);
        if (refused)
            assert_string_equal(refused->field, cases[i].refused);
        else
            assert_string_equal(s.from, "a@b.example");
    }
}

/* A socket that takes connections and never says a word. */
static int mute(int *port)
{
    int s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    assert_int_equal(bind(s, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(s, 5), 0);
    assert_int_equal(getsockname(s, (struct sockaddr *)&at, &size), 0);
    *port = ntohs(at.sin_port);
    return s;
}

static bool not_on(void *asked)
{
    ++*(int *)asked;
    return false;
}

static void patience_with_a_server_ends(void **state)
{
    ARENA_SCOPE(a);
    struct smtp_settings settings = {.from = "a@b.example", .patience_s = 1};
    struct smtp *smtp = NULL;
    struct smtp_answer answer;
    int port = 0, asked = 0, server = mute(&port);
    struct smtp_letter letter = {
        .to = "c@d.example", .subject = "s", .text = "t", .mark = "1", .made_us = now_us()};
    (void)state;
    settings.url = arena_print(a, "smtp://127.0.0.1:%d", port);
    assert_ok(smtp_open(&settings, &smtp));
    int64_t begun = monotonic_us();
    smtp_send(smtp, &letter, &answer);
    assert_int_equal(answer.end, SMTP_LATER);
    assert_true(*answer.text);
    assert_true(monotonic_us() - begun < 5 * SECOND_US);
    settings.patience_s = 60; /* and with somebody who is in a hurry, earlier */
    letter.go_on = not_on;
    letter.owner = &asked;
    smtp_send(smtp, &letter, &answer);
    assert_int_equal(answer.end, SMTP_LATER);
    assert_true(asked > 0 && monotonic_us() - begun < 10 * SECOND_US);
    static const char *const none[] = {"", "nobody", "a@b>\r\nRCPT TO:<x@y", "a b@c", "a@b,c@d"};
    for (size_t i = 0; i < COUNT(none); i++) { /* no address: refused before anything is said */
        letter.to = none[i];
        smtp_send(smtp, &letter, &answer);
        assert_int_equal(answer.end, SMTP_ADDRESS);
    }
    smtp_close(smtp);
    (void)close(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_of_a_header_fit_its_lines),
                                       cmocka_unit_test(settings_are_read_or_refused_by_name),
                                       cmocka_unit_test(patience_with_a_server_ends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
