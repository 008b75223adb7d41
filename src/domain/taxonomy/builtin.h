/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* builtin.h - the taxonomy and the wordings that a new space starts with, and that the command line uses. */
#ifndef GRAPPE_TAXONOMY_BUILTIN_H
#define GRAPPE_TAXONOMY_BUILTIN_H

#include "text/slice.h"

struct slice taxonomy_builtin(void); /* taxonomy.tsv, as engine/taxonomy parses it */
struct slice wordings_builtin(void); /* wordings.tsv and wordings_more.tsv, as engine/lexicon reads them */

#endif
