/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* qr.h - a text as a QR code (ISO/IEC 18004, by libqrencode), drawn as SVG. */
#ifndef GRAPPE_QR_H
#define GRAPPE_QR_H

#include "html/html.h"

/* Dark on light whatever the theme, since cameras read nothing else; one user unit a module, four of margin.
 * `label`: what it is, for those who do not see it. LIMIT for a text of more than some 2,300 bytes. */
struct fault *qr_draw(struct arena *, const char *text, const char *label, struct markup *) MUST_CHECK;

#endif
