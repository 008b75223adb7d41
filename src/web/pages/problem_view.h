/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_PROBLEM_VIEW_H
#define GRAPPE_PROBLEM_VIEW_H

#include "pages/frame.h"

struct problem_view {
    struct frame frame;
    const char *heading, *message;
    const char *prove_href; /* where one confirms who one is; NULL */
    /* Of a page that is closed to the visitor: */
    bool closed;
    const char *roles; /* to whom it is open, "Facilitator"; NULL: that does not depend on the role */
    const struct person *keepers; /* the facilitators the visitor may know of */
    size_t keeper_count;
    const char *sign_in_href, *back_href; /* NULL: signed in; not known where the visitor came from */
};

/* The page of a status that is no success. */
void problem_draw(struct request *, struct response *, int status, const char *message);

#endif
