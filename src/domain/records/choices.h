/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* choices.h - the closed lists that choice fields draw from. Codes are stored; labels are shown. */
#ifndef GRAPPE_CHOICES_H
#define GRAPPE_CHOICES_H

#include "record/record.h"

extern const struct choice organisation_kinds[], size_classes[], person_roles[], languages[], digest_rates[],
    capability_origins[], need_states[], term_facets[], note_levels[], organisation_levels[],
    outline_levels[], membership_colleges[], offer_kinds[], capacity_bands[];

enum role role_of_code(const char *code); /* NULL or unknown: ROLE_VISITOR */

#endif
