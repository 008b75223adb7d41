/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sheet_answer.h - a list sent as a file for spreadsheets. */
#ifndef GRAPPE_SHEET_ANSWER_H
#define GRAPPE_SHEET_ANSWER_H

#include "pages/frame.h"
#include "sheet/sheet.h"

/* Whose list it is, of which day, for whom. DENIED naming "proof" when whoever takes it out of the space must
 * confirm first who they are (proof_check_export). */
struct fault *note_source(const struct request *, struct sheet *, const char *list) MUST_CHECK;

/* Finishes the sheet and makes it the answer, a file of this name. */
struct fault *sheet_send(struct sheet *, struct response *, enum sheet_form, const char *name) MUST_CHECK;

#endif
