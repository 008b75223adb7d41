/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_AGREEMENT_VIEW_H
#define GRAPPE_AGREEMENT_VIEW_H

#include "pages/frame.h"
#include "pages/record_draw.h"

/* One version of the confidentiality agreement, and for facilitators the form of the next. */
struct agreement_view {
    struct frame frame;
    const struct agreement *shown, *next; /* next: as typed; NULL: not for this viewer */
    const char *text, *since;
    bool newest;
    const struct form_options *options;
    const struct form_state *state;
};

#endif
