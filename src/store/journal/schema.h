/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* schema.h - the tables of the journal; private to store/. */
#ifndef GRAPPE_JOURNAL_SCHEMA_H
#define GRAPPE_JOURNAL_SCHEMA_H

#include "db/engine.h"
#include "text/buffer.h"

void journal_define(struct buffer *sql, const struct dialect *);

#endif
