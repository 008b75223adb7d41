/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* introduction_draw.h - parts of the views of introductions, for introduction_pages.c. */
#ifndef GRAPPE_INTRODUCTION_DRAW_H
#define GRAPPE_INTRODUCTION_DRAW_H

#include "pages/introduction_view.h"
#include "pages/record_draw.h"

struct fault *card_facts_load(struct door *, const struct blind_card *, const struct fact_view **,
                              size_t *count) MUST_CHECK;
/* Whom a yes makes one known to besides who asks; NULL: nobody. */
const char *together_text(struct arena *, const struct blind_card *);
/* "7 organisations of this space could have written it."; NULL where the card hides nothing. */
const char *hiding_text(struct arena *, const struct blind_card *);
/* Where it stands, who is waited for, what the viewer may do. */
void standing_fill(struct arena *, const char *state, int64_t since, int64_t due, int parties,
                   struct introduction_view *);
/* What the person behind the door answered by mail to this version of the record: the act that was read from
 * it comes first, with its words. Nothing of what was said after before_us: whoever has an older letter was
 * not told. */
struct fault *given_fill(struct request *, struct door *, int64_t record, int64_t before_us,
                         struct introduction_view *) MUST_CHECK;
/* They pressed its button: it is kept no longer. */
void given_end(struct request *, struct door *, int64_t record);
struct fault *agreement_fill(struct door *, const struct record_type *, const void *record,
                             struct introduction_view *) MUST_CHECK;
struct fault *events_load(struct request *, const struct record_type *, int64_t id,
                          struct introduction_view *) MUST_CHECK;
/* What was said by telephone, and the form to note more: nothing for who is no facilitator. */
struct fault *calls_load(struct request *, const struct introduction *,
                         struct introduction_view *) MUST_CHECK;

#endif
