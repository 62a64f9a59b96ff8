// The gradient of a table of vectors: each place that used a row adds its gradient to it.
#include "vectors.h"

static void add_rows(const float *dout, const int *ids, float *dtable, int places, int C) {
  for (int place = 0; place < places; place++, dout += C) {
    float *row = dtable + ids[place] * C;
    FOR_FOURS(C, PUT(row, add(GET(row), GET(dout))););
  }
}
