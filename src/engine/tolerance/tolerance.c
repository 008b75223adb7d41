/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Source: ISO 286-1:2010, table 1, nominal sizes up to 500 mm. */
#include "tolerance/tolerance.h"

enum { STEPS = 13, GRADES = IT_COARSEST - IT_FINEST + 1 };

/* A step goes from the size before it (not included) up to this one, mm. */
static const int16_t up_to_mm[STEPS] = {3, 6, 10, 18, 30, 50, 80, 120, 180, 250, 315, 400, 500};

/* Widths in tenths of a micrometre, from IT01 down to IT18. */
static const int32_t widths[GRADES][STEPS] = {
    {3, 4, 4, 5, 6, 6, 8, 10, 12, 20, 25, 30, 40},                                               /* IT01 */
    {5, 6, 6, 8, 10, 10, 12, 15, 20, 30, 40, 50, 60},                                            /* IT0 */
    {8, 10, 10, 12, 15, 15, 20, 25, 35, 45, 60, 70, 80},                                         /* IT1 */
    {12, 15, 15, 20, 25, 25, 30, 40, 50, 70, 80, 90, 100},                                       /* IT2 */
    {20, 25, 25, 30, 40, 40, 50, 60, 80, 100, 120, 130, 150},                                    /* IT3 */
    {30, 40, 40, 50, 60, 70, 80, 100, 120, 140, 160, 180, 200},                                  /* IT4 */
    {40, 50, 60, 80, 90, 110, 130, 150, 180, 200, 230, 250, 270},                                /* IT5 */
    {60, 80, 90, 110, 130, 160, 190, 220, 250, 290, 320, 360, 400},                              /* IT6 */
    {100, 120, 150, 180, 210, 250, 300, 350, 400, 460, 520, 570, 630},                           /* IT7 */
    {140, 180, 220, 270, 330, 390, 460, 540, 630, 720, 810, 890, 970},                           /* IT8 */
    {250, 300, 360, 430, 520, 620, 740, 870, 1000, 1150, 1300, 1400, 1550},                      /* IT9 */
    {400, 480, 580, 700, 840, 1000, 1200, 1400, 1600, 1850, 2100, 2300, 2500},                   /* IT10 */
    {600, 750, 900, 1100, 1300, 1600, 1900, 2200, 2500, 2900, 3200, 3600, 4000},                 /* IT11 */
    {1000, 1200, 1500, 1800, 2100, 2500, 3000, 3500, 4000, 4600, 5200, 5700, 6300},              /* IT12 */
    {1400, 1800, 2200, 2700, 3300, 3900, 4600, 5400, 6300, 7200, 8100, 8900, 9700},              /* IT13 */
    {2500, 3000, 3600, 4300, 5200, 6200, 7400, 8700, 10000, 11500, 13000, 14000, 15500},         /* IT14 */
    {4000, 4800, 5800, 7000, 8400, 10000, 12000, 14000, 16000, 18500, 21000, 23000, 25000},      /* IT15 */
    {6000, 7500, 9000, 11000, 13000, 16000, 19000, 22000, 25000, 29000, 32000, 36000, 40000},    /* IT16 */
    {10000, 12000, 15000, 18000, 21000, 25000, 30000, 35000, 40000, 46000, 52000, 57000, 63000}, /* IT17 */
    {14000, 18000, 22000, 27000, 33000, 39000, 46000, 54000, 63000, 72000, 81000, 89000, 97000}, /* IT18 */
};

static int step_of(int64_t size_nm)
{
    if (size_nm <= 0 || size_nm > up_to_mm[STEPS - 1] * NM_PER_MM)
        return -1;
    int step = 0;
    while (size_nm > up_to_mm[step] * NM_PER_MM)
        step++;
    return step;
}

static int64_t width_nm(int64_t grade, int step)
{
    return widths[grade - IT_FINEST][step] * (NM_PER_UM / 10);
}

bool it_width(int64_t grade, int64_t size_nm, int64_t *out)
{
    int step = step_of(size_nm);
    if (step < 0 || grade < IT_FINEST || grade > IT_COARSEST)
        return false;
    *out = width_nm(grade, step);
    return true;
}

int64_t it_grade_asked(int64_t width, int64_t size_nm)
{
    int step = step_of(size_nm);
    if (step < 0 || width <= 0)
        return IT_UNKNOWN;
    int64_t grade = IT_COARSEST;
    while (grade >= IT_FINEST && width_nm(grade, step) > width)
        grade--;
    return grade;
}

int64_t it_grade_held(int64_t width, int64_t size_nm)
{
    int step = step_of(size_nm);
    if (step < 0 || width <= 0)
        return IT_UNKNOWN;
    int64_t grade = IT_FINEST;
    while (grade <= IT_COARSEST && width_nm(grade, step) < width)
        grade++;
    return grade;
}
