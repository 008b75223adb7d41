/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* agreements.h - the confidentiality agreement that the sides of an introduction may accept: its versions are
 * kept and never rewritten, so that who accepted the second reads the second. */
#ifndef GRAPPE_AGREEMENTS_H
#define GRAPPE_AGREEMENTS_H

#include "door/door.h"

/* The first version, into a new space. */
struct fault *agreements_install(struct transaction *, struct arena *) MUST_CHECK;

/* The version that is accepted from now on. */
struct fault *agreement_newest(struct door *, struct agreement *) MUST_CHECK;
/* In the thread's language. */
const char *agreement_text(const struct agreement *);

bool agreement_may_publish(const struct door *);
/* Makes a new version of these texts, for what is accepted from now on. DENIED to all but facilitators;
 * INVALID with the field; CONFLICT when another was published at the same time. */
struct fault *agreement_publish(struct door *, const char *text_fr, const char *text_en,
                                struct agreement *) MUST_CHECK;

#endif
