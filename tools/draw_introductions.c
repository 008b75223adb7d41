/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* draw_introductions.c - docs/introductions.md from the tables of domain/introductions: as a drawing, and as
 * who does what, on standard output. */
#include <stdio.h>

#include "introductions/introductions.h"

static const char *const party_names[PARTIES] = {"asker", "answerer", "facilitator"};

static void print_parties(int parties)
{
    const char *between = "";
    for (int i = 0; i < PARTIES; i++)
        if (parties >> i & 1) {
            printf("%s%s", between, party_names[i]);
            between = ", ";
        }
}

static void print_drawing(void)
{
    printf("```mermaid\nstateDiagram-v2\n    [*] --> %s\n", introduction_states[INTRODUCTION_PROPOSED].code);
    for (size_t i = 0; i < introduction_step_count; i++) {
        const struct introduction_step *s = &introduction_steps[i];
        if (s->act == INTRODUCTION_CLOSE) /* from every open state: the table says so */
            continue;
        printf("    %s --> %s: %s (", introduction_states[s->from].code, introduction_states[s->to].code,
               introduction_acts[s->act].code);
        print_parties(s->by);
        printf(")\n");
    }
    for (int i = 0; i < INTRODUCTION_STATES; i++)
        if (!introduction_open((enum introduction_state)i) && i != INTRODUCTION_EXPIRED)
            printf("    %s --> [*]\n", introduction_states[i].code);
    printf("```\n\n");
}

static void print_states(void)
{
    printf("| state | called | waits on | reminders, in days |\n|---|---|---|---|\n");
    for (int i = 0; i < INTRODUCTION_STATES; i++) {
        const struct introduction_place *p = &introduction_places[i];
        printf("| `%s` | %s | ", introduction_states[i].code, introduction_states[i].label);
        if (p->waits)
            print_parties(p->waits);
        else
            printf("nobody: it is over");
        if (p->rest)
            printf(", after %d days", p->rest);
        printf(" | ");
        for (int k = 0; p->waits && k < reminder_default.count; k++)
            printf("%s%d%s", k ? ", " : "", p->rest + reminder_default.days[k] * p->patience,
                   reminder_default.days[k] == reminder_default.escalates && !(p->waits & PARTY_FACILITATOR)
                       ? " (facilitators too)"
                       : "");
        printf(" |\n");
    }
}

static void print_steps(void)
{
    printf("\n| in | act | by | leads to | with a reason |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < introduction_step_count; i++) {
        const struct introduction_step *s = &introduction_steps[i];
        printf("| `%s` | %s | ", introduction_states[s->from].code, introduction_acts[s->act].label);
        print_parties(s->by);
        printf(" | `%s` | %s |\n", introduction_states[s->to].code,
               introduction_needs_reason(s->to) ? "yes" : "");
    }
}

static void print_reasons(void)
{
    printf("\n| reason | given by |\n|---|---|\n");
    for (const struct choice *r = introduction_reasons; r->code; r++) {
        int by = 0;
        for (int i = 0; i < PARTIES; i++)
            by |= introduction_reason_fits(r->code, 1 << i) ? 1 << i : 0;
        printf("| %s | ", r->label);
        print_parties(by);
        printf(" |\n");
    }
}

int main(void)
{
    printf(
        "<!-- SPDX-License-Identifier: AGPL-3.0-or-later -->\n"
        "<!-- Written by tools/draw_introductions.c from src/domain/introductions: change the tables there, "
        "then\n     meson test -C build check/introductions --test-args=--update -->\n"
        "# Introductions: states, acts, who is waited for\n\n"
        "The asker's need it is; the answerer was asked. Neither knows the other before both said yes. What "
        "is open\nwaits on somebody, whom reminders follow; none ends by itself. Facilitators may end what "
        "is open.\n\n");
    print_drawing();
    print_states();
    print_steps();
    print_reasons();
    return 0;
}
