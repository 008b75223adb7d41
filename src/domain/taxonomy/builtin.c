/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "taxonomy/builtin.h"

#include "taxonomy_data.h"

struct slice taxonomy_builtin(void)
{
    return (struct slice){taxonomy_tsv, TAXONOMY_TSV_COUNT};
}

struct slice wordings_builtin(void)
{
    return (struct slice){wordings_tsv, WORDINGS_TSV_COUNT};
}
