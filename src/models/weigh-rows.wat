;; Weighted sums of rows of bytes, eight columns at a time: the inner loop of resizing (weigh-rows.ts).
;; out[i] = clamp((2^21 + sum over k < count of weights[k] * rows[k * stride + i]) >> 22), for i < length rounded up to eights.
(module
  (memory (export "memory") 1)
  (func (export "weighRows")
    (param $rows i32) (param $stride i32) (param $weights i32) (param $count i32) (param $length i32) (param $out i32)
    (local $i i32) (local $k i32) (local $at i32) (local $weight i32) (local $low v128) (local $high v128) (local $bytes v128)
    (loop $columns
      (local.set $high (local.tee $low (i32x4.splat (i32.const 2097152))))
      (local.set $at (i32.add (local.get $rows) (local.get $i)))
      (local.set $weight (local.get $weights))
      (local.set $k (local.get $count))
      (loop $taps
        (local.set $bytes (v128.load8x8_u (local.get $at)))
        (local.set $low (i32x4.add (local.get $low)
          (i32x4.mul (i32x4.extend_low_i16x8_u (local.get $bytes)) (v128.load32_splat (local.get $weight)))))
        (local.set $high (i32x4.add (local.get $high)
          (i32x4.mul (i32x4.extend_high_i16x8_u (local.get $bytes)) (v128.load32_splat (local.get $weight)))))
        (local.set $at (i32.add (local.get $at) (local.get $stride)))
        (local.set $weight (i32.add (local.get $weight) (i32.const 4)))
        (br_if $taps (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))
      (v128.store64_lane 0 (i32.add (local.get $out) (local.get $i))
        (i8x16.narrow_i16x8_u
          (local.tee $low (i16x8.narrow_i32x4_s
            (i32x4.shr_s (local.get $low) (i32.const 22)) (i32x4.shr_s (local.get $high) (i32.const 22))))
          (local.get $low)))
      (br_if $columns (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 8))) (local.get $length))))))
