/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* page_bench.c - what pages of the whole server cost: the demo's lists of 200 rows, compressed, then answered
 * 304, for a visitor and for a facilitator who is signed in.
 *
 * usage: page_bench [REQUESTS [PATH]], where PATH is the only page measured */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "accounts/accounts.h"
#include "arena/arena.h"
#include "clock/clock.h"
#include "demo/demo.h"
#include "load.h"
#include "log/log.h"
#include "pages/server.h"

static const char *const paths[] = {"/annuaire?par=200", "/fiches/organisation?par=200",
                                    "/fiches/capability?par=200"};

struct plan {
    const char *const *paths;
    size_t path_count;
    int requests;
};

static void measure_pages(struct arena *a, int port, const char *who, const char *cookie,
                          const struct plan *plan)
{
    const char *headers = arena_print(a, "Accept-Encoding: gzip\r\nCookie: %s\r\n", cookie);
    for (size_t i = 0; i < plan->path_count; i++)
        for (int again = 0; again < 2; again++)
            load_measure(port, arena_print(a, "%s %s", who, plan->paths[i]), plan->paths[i], headers, again,
                         plan->requests);
}

/* As a visitor, then as the first persona: the demo's facilitator. */
static struct fault *measure_server(struct house *house, int port, const struct plan *plan)
{
    ARENA_SCOPE(a);
    const struct space_info *space = house_at(house, 0);
    struct persona *people = NULL;
    struct token token;
    size_t people_count = 0;
    TRY(accounts_personas(space, a, &people, &people_count));
    TRY(accounts_sign_in_persona(house, space, people[0].person, &(struct caller){.address = "127.0.0.1"},
                                 &token));
    /* a page holds forms: a visitor who comes back has the cookie their tokens derive from */
    measure_pages(a, port, "visitor", "grappe_visitor=0123456789abcdef0123456789abcdef", plan);
    measure_pages(a, port, "facilitator", arena_print(a, "grappe_session=%s", token.text), plan);
    return NULL;
}

static struct fault *measure_house(struct arena *a, const char *folder, const struct plan *plan)
{
    struct house *house = NULL;
    struct server *server = NULL;
    TRY(demo_make(folder));
    TRY(house_open(folder, &house));
    TRY(server_start(a, house, &(struct server_options){.folder = folder}, &server));
    TRY(measure_server(house, server_port(server), plan));
    TRY(server_stop(server));
    house_close(house);
    return NULL;
}

int main(int argc, char **argv)
{
    load_begin();
    ARENA_SCOPE(a);
    char folder[] = "/tmp/grappe-bench-XXXXXX";
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    log_quieter_than(LOG_WARNING);
    if (!mkdtemp(folder))
        return 1;
    struct plan plan = {paths, COUNT(paths), argc > 1 ? (int)strtol(argv[1], NULL, 10) : 4000};
    if (argc > 2)
        plan = (struct plan){(const char *const *)&argv[2], 1, plan.requests};
    struct fault *f = measure_house(a, folder, &plan);
    if (f)
        (void)fprintf(stderr, "page_bench: %s\n", f->text);
    static const char *const names[] = {"directory", "federation", "pole", "territoire"};
    for (size_t i = 0; i < COUNT(names); i++)
        (void)unlink(arena_print(a, "%s/%s.db", folder, names[i]));
    (void)rmdir(folder);
    return f ? 1 : 0;
}
