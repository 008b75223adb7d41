/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* naf_rows.h - the arrays that tools/embed_naf.py links into the program: texts are offsets into
 * naf_texts. */
#ifndef GRAPPE_NAF_ROWS_H
#define GRAPPE_NAF_ROWS_H

#include <stdint.h>

struct naf_row { /* sorted by code */
    uint32_t code, parent, label, level;
};

#endif
