/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* password.h - a password that no argument shows: an argument would be seen by all who see processes. */
#ifndef GRAPPE_PASSWORD_H
#define GRAPPE_PASSWORD_H

#include "fault/fault.h"

struct arena;

/* The first line of a file (NULL: none), or a variable of the environment; NULL: neither is there. */
struct fault *password_read(struct arena *, const char *file, const char *variable,
                            const char **password) MUST_CHECK;

#endif
