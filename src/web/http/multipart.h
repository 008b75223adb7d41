/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* multipart.h - forms with files (RFC 7578, RFC 2046 5.1). Pure. */
#ifndef GRAPPE_MULTIPART_H
#define GRAPPE_MULTIPART_H

#include "http/http.h"

/* Splits the body; texts are copied to the arena, files stay where they are in the body. content_type is the
 * header, which names the boundary. A file field left empty is left out.
 * INVALID  no boundary, a part without name, a part that does not end, text that is not UTF-8
 * LIMIT    more than LIMIT_FORM_FIELDS fields, LIMIT_FORM_FILES files, or a text over LIMIT_BODY */
struct fault *multipart_read(struct arena *, const char *content_type, struct slice body,
                             struct params *fields, struct upload **files, size_t *file_count) MUST_CHECK;

/* The value of a parameter of a header ("multipart/form-data; boundary=x"): quoted or not; false when
 * absent. */
bool header_parameter(struct slice header, const char *name, struct slice *value);

#endif
