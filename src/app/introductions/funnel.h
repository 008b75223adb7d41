/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* funnel.h - how far introductions come, by where they came from; what they end on, and how fast somebody
 * answers. Of those that the viewer may see. */
#ifndef GRAPPE_FUNNEL_H
#define GRAPPE_FUNNEL_H

#include "door/door.h"
#include "introductions/introductions.h"

struct funnel_line {
    const char *label;                    /* N_(), or the name of a grappe */
    int64_t came_to[INTRODUCTION_STATES]; /* how many came to this state or beyond; ends count for nothing */
};
struct funnel_reason {
    const char *label; /* N_() */
    int64_t times;
};
struct deal_funnel {
    struct funnel_line *lines; /* all; by source; by place among the ranked firms */
    size_t count;
    struct funnel_line *spoke; /* by what spoke for the firm in the match it was asked from */
    size_t spoke_count;
    struct funnel_line *grappes; /* by those of who was asked on that day, by name, which is not translated */
    size_t grappe_count;
    struct funnel_reason *reasons; /* for facilitators those of who was asked too */
    size_t reason_count;
    int64_t open, ended; /* each that has ended was ended by somebody; delivered is ended too */
    int64_t median_days; /* from being asked to the first answer of a person; unknown without any */
};
/* Cost: a look at each introduction. */
struct fault *deal_funnel(struct door *, struct deal_funnel *) MUST_CHECK;

#endif
