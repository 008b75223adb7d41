/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* main.c - finds the command, speaks the user's language, turns faults into exit codes. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "i18n/i18n.h"

static const struct command *const commands[] = {
    &demo_command,
    &init_command,
    &person_command,
    &token_command,
    &mail_fetch_command,
    &mail_receive_command,
    &match_command,
    &assemble_check_command,
    &assemble_command,
    &import_command,
    &jobs_command,
    &geo_import_command,
    &serve_command,
    &records_list_command, /* before the one whose name it begins with */
    &records_command,
    &verify_command,
    &space_copy_command,
    &territory_command,
    &communities_command,
    &synergies_command,
    &schedule_check_command,
    &schedule_command,
    &secrecy_protect_command,
    &secrecy_attack_command,
    NULL,
};

/* sysexits.h codes where one fits. */
static int exit_code(enum fault_code code)
{
    static const int codes[] = {
        [FAULT_INVALID] = 65, [FAULT_NOT_FOUND] = 66, [FAULT_CONFLICT] = 73, [FAULT_DENIED] = 77,
        [FAULT_LIMIT] = 69,   [FAULT_IO] = 74,        [FAULT_FULL] = 74,     [FAULT_BUG] = 70};
    return codes[code];
}

/* Words of argv that the command's name takes: 0 when it is not this command. */
static int words_taken(const struct command *c, int argc, char **argv)
{
    int taken = 0;
    for (const char *p = c->name; *p; taken++) {
        size_t length = strcspn(p, " ");
        if (taken >= argc || strlen(argv[taken]) != length || strncmp(p, argv[taken], length) != 0)
            return 0;
        p += length + (p[length] == ' ');
    }
    return taken;
}

static int list_commands(FILE *out)
{
    (void)fprintf(out, "%s\n\n", tr("grappe: the collaborative innovation space of an industrial cluster."));
    for (int i = 0; commands[i]; i++)
        (void)fprintf(out, "  grappe %-14s %s\n", commands[i]->name, tr(commands[i]->summary));
    (void)fprintf(out, "\n%s\n", tr("grappe COMMAND --help says more, with an example."));
    return out == stdout ? 0 : 64;
}

static int run(const struct command *c, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0) {
            (void)printf("%s\n", tr(c->help));
            return 0;
        }
    struct arena *work = arena_new(LIMIT_COMMAND_MEMORY);
    struct fault *f = c->run(work, argc, argv);
    if (f)
        (void)fprintf(stderr, "grappe %s%s%s\n", c->name, tr(": "), f->text);
    int code = !f ? 0 : strcmp(f->field, "usage") == 0 ? 64 : exit_code(f->code);
    arena_free(work);
    return code || (fflush(stdout) == 0 && !ferror(stdout)) ? code : 74;
}

int main(int argc, char **argv)
{
    const char *chosen = getenv("LC_ALL");
    if (!chosen || !*chosen)
        chosen = getenv("LANG");
    enum language spoken = LANGUAGE_FR;
    (void)language_parse(chosen, &spoken);
    language_set(spoken);
    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        return puts("grappe " GRAPPE_VERSION) < 0 || fflush(stdout) ? 74 : 0;
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
        return list_commands(argc < 2 ? stderr : stdout);
    for (int i = 0; commands[i]; i++) {
        int taken = words_taken(commands[i], argc - 1, argv + 1);
        if (taken)
            return run(commands[i], argc - taken, argv + taken);
    }
    for (int i = 0; commands[i]; i++) /* "geo" alone: the command it begins */
        if (strncmp(commands[i]->name, argv[1], strlen(argv[1])) == 0 &&
            commands[i]->name[strlen(argv[1])] == ' ') {
            (void)fprintf(stderr, "%s\n", tr(commands[i]->help));
            return 64;
        }
    (void)fprintf(stderr, tr("grappe: there is no command \"%s\".\n"), argv[1]);
    return list_commands(stderr);
}
