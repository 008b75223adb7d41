/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* command.h - one row a command; main.c dispatches, prints help, and turns faults into exit codes. */
#ifndef GRAPPE_COMMAND_H
#define GRAPPE_COMMAND_H

#include "arena/arena.h"
#include "fault/fault.h"

struct command {
    const char *name;                                            /* "match", or two words: "geo import" */
    const char *summary;                                         /* N_(): one line for the list */
    const char *help;                                            /* N_(): usage, options, one example */
    struct fault *(*run)(struct arena *, int argc, char **argv); /* argv[0] is the command */
};

/* Data to standard output, messages to standard error. `grappe X --help` is answered before run is called.
 * A wrong option: return usage_fault(). */
MUST_CHECK static inline struct fault *usage_fault(const char *what)
{
    return fault_in("usage", fault(FAULT_INVALID, "Not understood: %s. Try --help.", what));
}
MUST_CHECK static inline struct fault *missing_fault(const char *option)
{
    return fault_in("usage", fault(FAULT_INVALID, "%s is missing. Try --help.", option));
}

extern const struct command match_command, records_command, verify_command, import_command,
    geo_import_command, demo_command, serve_command, init_command, person_command, token_command,
    space_copy_command, jobs_command, records_list_command, territory_command, assemble_command,
    assemble_check_command, schedule_command, schedule_check_command, communities_command,
    secrecy_attack_command, secrecy_protect_command, synergies_command, mail_fetch_command,
    mail_receive_command;

#endif
