/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "qr/qr.h"

#include <qrencode.h>

#include "arena/arena.h"

enum { MARGIN = 4 };

/* A run of dark modules is one rectangle. */
static void draw_row(struct html *h, const unsigned char *row, int width, int y)
{
    for (int x = 0, end; x < width; x = end + 1) {
        for (end = x; end < width && row[end] & 1; end++)
            ;
        if (end > x)
            html(h, "M%d %dh%dv1h-%dz", x + MARGIN, y + MARGIN, end - x, end - x);
    }
}

struct fault *qr_draw(struct arena *a, const char *text, const char *label, struct markup *out)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!code)
        return fault(FAULT_LIMIT, "This is too long for a QR code.");
    int side = code->width + 2 * MARGIN;
    struct html *h = html_new(a, LIMIT_LONG_TEXT * 10);
    html(h,
         "<svg class=\"qr\" role=\"img\" aria-label=\"%s\" viewBox=\"0 0 %d %d\" "
         "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path fill=\"#000\" d=\"",
         label, side, side, side, side);
    for (int y = 0; y < code->width; y++)
        draw_row(h, code->data + y * code->width, code->width, y);
    html(h, "\"/></svg>");
    QRcode_free(code);
    *out = html_done(h);
    return NULL;
}
