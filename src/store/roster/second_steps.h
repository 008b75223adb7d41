/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* second_steps.h - the secret that a person's telephone shares with us, and the codes for its loss. */
#ifndef GRAPPE_ROSTER_SECOND_STEPS_H
#define GRAPPE_ROSTER_SECOND_STEPS_H

#include "db/db.h"

struct roster_step {
    const char *secret; /* base32; NULL: there is none */
    int64_t last_step;  /* the newest time step whose code was used */
    int64_t since_us;   /* 0: prepared, not confirmed by a first code */
    int64_t codes;      /* recovery codes left */
};
struct fault *roster_step_find(struct db *, struct arena *, const char *space, int64_t person,
                               struct roster_step *) MUST_CHECK;
/* Nothing happens where one is confirmed. */
struct fault *roster_step_prepare(struct db *, const char *space, int64_t person,
                                  const char *secret) MUST_CHECK;
/* *advanced: the time step is newer than all before; of two who bring the same code, one is. */
struct fault *roster_step_advance(struct db *, const char *space, int64_t person, int64_t step,
                                  bool *advanced) MUST_CHECK;
/* From now on it is asked for, and these are the hashes of its recovery codes instead of any before. */
struct fault *roster_step_confirm(struct db *, const char *space, int64_t person, int64_t at_us,
                                  const char *const *hashes, size_t count) MUST_CHECK;
struct fault *roster_recovery_take(struct db *, const char *space, int64_t person, const char *hash,
                                   bool *taken) MUST_CHECK;
struct fault *roster_step_end(struct db *, const char *space, int64_t person) MUST_CHECK;

#endif
