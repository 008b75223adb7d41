/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* demo.c - `grappe demo`: a folder with three fictional spaces, ready to be served. */
#include <stdio.h>

#include "accounts/accounts.h"
#include "command.h"
#include "demo/demo.h"
#include "options.h"

static struct fault *show_personas(struct arena *work, const struct space_info *space)
{
    struct persona *personas = NULL;
    size_t count = 0;
    TRY(accounts_personas(space, work, &personas, &count));
    (void)printf("\n%s (%s)\n", space->title, space->name);
    for (size_t i = 0; i < count; i++)
        (void)printf("  %s, %s (%s)\n", personas[i].name, personas[i].title ? personas[i].title : "",
                     personas[i].organisation ? personas[i].organisation : "");
    return NULL;
}

static struct fault *show_spaces(struct arena *work, const struct house *house, const char *folder)
{
    (void)printf(tr("%s holds three spaces that share firms. All of it is fictional, the communes apart.\n"),
                 folder);
    (void)printf("%s\n", tr("One button each, without password, from this machine only:"));
    for (size_t i = 0; i < house_count(house); i++)
        TRY(show_personas(work, house_at(house, i)));
    (void)printf(tr("\nNext: grappe serve %s\n"), folder);
    return NULL;
}

static void close_house(void *house)
{
    house_close(house);
}

static struct fault *run_demo(struct arena *work, int argc, char **argv)
{
    const char *folder = NULL, *database = NULL;
    const struct command_option options[] = {{"database", .text = &database}};
    TRY(options_read(argc, argv, options, COUNT(options), (struct operand){&folder, tr("no folder")}));
    TRY(demo_make_in(folder, database));
    struct house *house = NULL;
    TRY(house_open(folder, &house));
    arena_defer(work, close_house, house);
    return show_spaces(work, house, folder);
}

const struct command demo_command = {
    .name = "demo",
    .summary = N_("Make three fictional spaces that share firms, to look around in"),
    .help = N_("Usage: grappe demo DIR [--database URL]\n\n"
               "Makes the folder DIR with three spaces between Besançon and the Haut-Doubs: a federation, a "
               "pôle\n"
               "and a territory. Firms, people and needs are fictional and the same every time. DIR must be "
               "new\n"
               "or empty; if anything fails, nothing is left of it.\n\n"
               "  --database  postgresql://USER@HOST/DATABASE: the spaces are schemas there, not files\n\n"
               "Example: grappe demo demo && grappe serve demo"),
    .run = run_demo,
};
