/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sheet_answer.h - a list sent as a file for spreadsheets. */
#ifndef GRAPPE_SHEET_ANSWER_H
#define GRAPPE_SHEET_ANSWER_H

#include "jobs/jobs.h"
#include "pages/frame.h"
#include "sheet/sheet.h"

/* Whose list it is, of which day, for whom. DENIED naming "proof" when whoever takes it out of the space must
 * confirm first who they are (proof_check_export). */
struct fault *note_source(const struct request *, struct sheet *, const char *list) MUST_CHECK;

/* A heading for each of these fields, in their order, and the records. */
struct names;
struct fault *sheet_records(const struct request *, struct sheet *, const struct record_type *,
                            field_mask columns, const struct list_page *, const struct names *) MUST_CHECK;

/* Finishes the sheet and makes it the answer, a file of this name. */
struct fault *sheet_send(struct sheet *, struct response *, enum sheet_form, const char *name) MUST_CHECK;

/* Is a file of so many rows too long to wait for? Then this page offers it as a job instead. Never to a
 * visitor, who has none. */
bool sheet_is_long(const struct request *, int64_t rows);
/* INVALID when it is: programs are told to ask for a job. */
struct fault *sheet_check_short(const struct request *, int64_t rows) MUST_CHECK;
struct fault *sheet_offer(struct request *, struct response *, const char *list, int64_t rows) MUST_CHECK;
/* After each row: how far the job is. */
struct fault *sheet_step(const struct request *, size_t rows, size_t total) MUST_CHECK;

/* Asks for the job that makes the file of a page of this site, called `about` in the list of jobs. DENIED as
 * note_source() says. */
struct fault *sheet_ask(const struct request *, const char *page, const char *about, int64_t *job) MUST_CHECK;
/* That kind of job, kept by the server's jobs. */
struct server;
void sheet_add_jobs(struct server *, struct jobs *);

#endif
