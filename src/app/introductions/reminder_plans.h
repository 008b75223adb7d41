/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* reminder_plans.h - when silence is reminded of: as the organisation that is waited for chose, else as the
 * space did. When silence comes to the facilitators is for the space alone to say: what one side may read of
 * it must not tell the habits of the other. */
#ifndef GRAPPE_REMINDER_PLANS_H
#define GRAPPE_REMINDER_PLANS_H

#include "door/door.h"
#include "introductions/introductions.h"

/* The plan in force, whoever asks: the space's; and an organisation's, over that one. */
struct fault *reminder_plan_space(struct door *, struct reminder_plan *) MUST_CHECK;
struct fault *reminder_plan_own(struct door *, int64_t organisation, const struct reminder_plan *space,
                                struct reminder_plan *) MUST_CHECK;

/* What the viewer may set and what was set, as it was typed: each of their organisations, and for
 * facilitators the space (0). */
struct reminder_choice {
    int64_t organisation;
    const char *name;          /* NULL: the space */
    struct reminder_rate rate; /* id 0: nothing was chosen */
    struct reminder_plan plan; /* in force */
};
struct fault *reminder_choices(struct door *, struct reminder_choice **, size_t *count) MUST_CHECK;

/* Sets days ("3, 9, 21"; empty: as the space has it) and, for the space, after how many days the facilitators
 * are waited for. It holds for reminders at once, for the facilitators from the next act on. DENIED; INVALID
 * with the field. */
struct fault *reminder_choose(struct door *, int64_t organisation, const char *days,
                              const char *facilitators) MUST_CHECK;

#endif
