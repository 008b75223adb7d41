/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* operation.h - what a route of the API takes and answers, stated where the route is declared; the OpenAPI
 * document is written from it. */
#ifndef GRAPPE_OPERATION_H
#define GRAPPE_OPERATION_H

#include "api/shape.h"

struct api_operation {
    const char *name;          /* its id in the document; where the path has {type}, the type follows */
    const struct shape *asks;  /* parameters of the address, read by shape_ask() */
    const struct shape *takes; /* the body, read by shape_take() */
    bool asks_list;            /* and those of a list: filters, fields, order, day */
    const char *takes_file;    /* instead: any bytes of this type */
    bool answers_file;         /* bytes of the type that the answer says */
    const struct shape *answers;
    enum api_record_body {
        BODY_NONE,
        BODY_NEW,    /* takes a record to add */
        BODY_CHANGE, /* takes fields of a record */
    } takes_record;
    enum api_record_answer {
        ANSWER_SHAPE,
        ANSWER_RECORD,  /* or 204 when it is no longer for these eyes */
        ANSWER_RECORDS, /* a page of them; asks for filters, fields, order */
        ANSWER_DOCUMENT /* the OpenAPI document */
    } answers_record;
    int status;    /* of success; 0: 200, or 204 where nothing is answered */
    bool may_last; /* long, it is a job: 202 with its id and Location */
    bool paged;    /* with a Link to the next page */
    bool located;  /* with a Location */
    bool tagged;   /* with a tag of its version */
    bool matched;  /* needs that tag in If-Match */
    bool private;  /* a GET that nothing keeps: it has no tag */
};

/* May the token undo all that was changed at once? What let people in needs their scope to put them out. */
struct fault *api_check_undo(const struct request *, int64_t batch) MUST_CHECK;

/* Answers that a job was asked for; 0: that it was done at once. */
struct api_job_asked {
    int64_t id;
};
extern const struct shape api_job_asked_shape;
void api_job_answer(struct request *, struct response *, int64_t job);
/* Asks for one that makes the file which a GET of the same address answers. */
struct fault *api_job_export(struct request *, struct response *, const char *about) MUST_CHECK;

#endif
