/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What people write back, and what it may be taken for. */
#include "reminders/mail_answer.h"

#include <string.h>

#include "arena/arena.h"
#include "limits/limits.h"
#include "test.h"

static void what_is_quoted_is_not_said(void **state)
{
    static const char *const cases[][2] = {
        {"Oui\n", "Oui"},
        {"Oui, mardi.\r\n\r\nLe lun. 23 nov. 2026 à 22:10, Grappe <g@example.org> a écrit :\r\n> Non\r\n",
         "Oui, mardi."},
        {"Oui\n\nLe lun. 23 nov. 2026 à 22:10, Grappe de l’Arve\n<g@example.org> a écrit :\n> Non\n", "Oui"},
        {"Yes\n\nOn Mon, Nov 23, 2026, Grappe wrote:\n> No\n", "Yes"},
        {"Oui\n-----Message d'origine-----\nDe : Grappe\nNon", "Oui"},
        {"Oui\n________________________________\nDe : Grappe\nNon", "Oui"},
        {"Oui\nDe : Grappe <g@example.org>\nNon", "Oui"},
        {"> Pouvez-vous ?\nOui\n> Et quand ?\nMardi\n", "Oui\nMardi"},
        {"Oui\n-- \nMarc Exemple\n", "Oui"},
        {"Le 23 nous sommes fermés.\nEnsuite oui.\n", "Le 23 nous sommes fermés.\nEnsuite oui."},
        {"> tout est cité\n", ""},
        {"", ""}};
    ARENA_SCOPE(a);
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(mail_answer_words(a, cases[i][0]), cases[i][1]);
}

static void only_what_they_may_do_is_read(void **state)
{
    static const struct {
        const char *words;
        enum introduction_state in;
        int parties;
        const char *act; /* NULL: none */
    } cases[] = {{"Oui", INTRODUCTION_PROPOSED, PARTY_ANSWERER, "accept"},
                 {"OUI, nous savons faire", INTRODUCTION_PROPOSED, PARTY_ANSWERER, "accept"},
                 {"D’accord.\nMarc", INTRODUCTION_PROPOSED, PARTY_ANSWERER, "accept"},
                 {"yes!", INTRODUCTION_ACCEPTED, PARTY_ASKER, "consent"},
                 {"Oui", INTRODUCTION_MET, PARTY_ANSWERER, "quote"},
                 {"Non", INTRODUCTION_PROPOSED, PARTY_ANSWERER, "decline"},
                 {"Non merci", INTRODUCTION_ACCEPTED, PARTY_ASKER, "decline"},
                 {"Appelez-moi", INTRODUCTION_PROPOSED, PARTY_ANSWERER, "ask_call"},
                 {"Call me", INTRODUCTION_QUOTED, PARTY_ASKER, "ask_call"},
                 {"Oui mais pas avant mars", INTRODUCTION_PROPOSED, PARTY_ANSWERER, NULL},
                 {"Ouille", INTRODUCTION_PROPOSED, PARTY_ANSWERER, NULL},
                 {"Nous verrons.\nOui", INTRODUCTION_PROPOSED, PARTY_ANSWERER, NULL},
                 {"", INTRODUCTION_PROPOSED, PARTY_ANSWERER, NULL},
                 {"Oui", INTRODUCTION_SEALED, PARTY_ASKER, NULL}, /* the agreement is read first */
                 {"Oui", INTRODUCTION_QUOTED, PARTY_ASKER, NULL}, /* an order is more than a yes */
                 {"Oui", INTRODUCTION_PROPOSED, PARTY_ASKER, NULL},
                 {"Oui", INTRODUCTION_DECLINED, PARTY_ANSWERER, NULL}};
    ARENA_SCOPE(a);
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        enum introduction_act act;
        print_message("# %s\n", cases[i].words);
        bool read = mail_answer_read(a, cases[i].words, cases[i].in, cases[i].parties, &act);
        assert_int_equal(read, cases[i].act != NULL);
        if (read)
            assert_string_equal(introduction_acts[act].code, cases[i].act);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_quoted_is_not_said),
                                       cmocka_unit_test(only_what_they_may_do_is_read)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
