;; Wire formats with fewer bits than float32: bf16, and int8 with one float32 scale per block of 256
;; values. Memory: values at 0 and rounding errors at 131072 (float32, at most 32,768 of each), the
;; wire's bytes at 262144 (64 KiB), then the states of two checksums. Counts are multiples of 256:
;; the caller pads with zeros and ignores results beyond its end.
(module
  (memory (export "memory") 6)

  ;; values += rounding errors
  (func (export "addErrors") (param $count i32)
    (local $at i32) (local $end i32)
    (local.set $end (i32.shl (local.get $count) (i32.const 2)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (v128.store (local.get $at)
          (f32x4.add (v128.load (local.get $at)) (v128.load offset=131072 (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next))))

  ;; wire = bf16(values): round to nearest, ties to even; every NaN becomes 7fc0
  (func (export "encodeBf16") (param $count i32)
    (local $at i32) (local $wire i32) (local $end i32) (local $low v128) (local $high v128)
    (local.set $end (i32.shl (local.get $count) (i32.const 2)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $low (v128.load (local.get $at)))
        (local.set $high (v128.load offset=16 (local.get $at)))
        (v128.store offset=262144 (local.get $wire)
          (i16x8.narrow_i32x4_u
            (v128.bitselect
              (v128.const i32x4 0x7fc0 0x7fc0 0x7fc0 0x7fc0)
              (i32x4.shr_u
                (i32x4.add
                  (i32x4.add (local.get $low) (v128.const i32x4 0x7fff 0x7fff 0x7fff 0x7fff))
                  (v128.and
                    (i32x4.shr_u (local.get $low) (i32.const 16))
                    (v128.const i32x4 1 1 1 1)))
                (i32.const 16))
              (f32x4.ne (local.get $low) (local.get $low)))
            (v128.bitselect
              (v128.const i32x4 0x7fc0 0x7fc0 0x7fc0 0x7fc0)
              (i32x4.shr_u
                (i32x4.add
                  (i32x4.add (local.get $high) (v128.const i32x4 0x7fff 0x7fff 0x7fff 0x7fff))
                  (v128.and
                    (i32x4.shr_u (local.get $high) (i32.const 16))
                    (v128.const i32x4 1 1 1 1)))
                (i32.const 16))
              (f32x4.ne (local.get $high) (local.get $high)))))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (local.set $wire (i32.add (local.get $wire) (i32.const 16)))
        (br $next))))

  ;; values += wire
  (func (export "addBf16") (param $count i32)
    (local $at i32) (local $wire i32) (local $end i32) (local $eight v128)
    (local.set $end (i32.shl (local.get $count) (i32.const 2)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $eight (v128.load offset=262144 (local.get $wire)))
        (v128.store (local.get $at)
          (f32x4.add
            (v128.load (local.get $at))
            (i32x4.shl (i32x4.extend_low_i16x8_u (local.get $eight)) (i32.const 16))))
        (v128.store offset=16 (local.get $at)
          (f32x4.add
            (v128.load offset=16 (local.get $at))
            (i32x4.shl (i32x4.extend_high_i16x8_u (local.get $eight)) (i32.const 16))))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (local.set $wire (i32.add (local.get $wire) (i32.const 16)))
        (br $next))))

  ;; values = wire
  (func (export "decodeBf16") (param $count i32)
    (local $at i32) (local $wire i32) (local $end i32) (local $eight v128)
    (local.set $end (i32.shl (local.get $count) (i32.const 2)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $eight (v128.load offset=262144 (local.get $wire)))
        (v128.store (local.get $at)
          (i32x4.shl (i32x4.extend_low_i16x8_u (local.get $eight)) (i32.const 16)))
        (v128.store offset=16 (local.get $at)
          (i32x4.shl (i32x4.extend_high_i16x8_u (local.get $eight)) (i32.const 16)))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (local.set $wire (i32.add (local.get $wire) (i32.const 16)))
        (br $next))))

  ;; The largest magnitude in the block at $at, as bits: integers have the same order, and NaN is
  ;; the largest.
  (func $largest (param $at i32) (result i32)
    (local $end i32) (local $max v128) (local $a i32) (local $b i32)
    (local.set $end (i32.add (local.get $at) (i32.const 1024)))
    (loop $next
      (local.set $max
        (i32x4.max_u (local.get $max) (f32x4.abs (v128.load (local.get $at)))))
      (local.set $max
        (i32x4.max_u (local.get $max) (f32x4.abs (v128.load offset=16 (local.get $at)))))
      (local.set $at (i32.add (local.get $at) (i32.const 32)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (local.set $max
      (i32x4.max_u (local.get $max)
        (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $max) (local.get $max))))
    (local.set $a (i32x4.extract_lane 0 (local.get $max)))
    (local.set $b (i32x4.extract_lane 1 (local.get $max)))
    (select (local.get $a) (local.get $b) (i32.gt_u (local.get $a) (local.get $b))))

  ;; The scale of a block from its largest magnitude: a 127th of it. NaN if the magnitude or 127
  ;; scales are not finite, 0 if the scale is subnormal.
  (func $scaleOf (param $largest f32) (result f32)
    (local $scale f32)
    (local.set $scale (f32.div (local.get $largest) (f32.const 127)))
    (if (result f32)
      (f32.lt (f32.mul (local.get $scale) (f32.const 127)) (f32.const inf))
      (then
        (select (f32.const 0) (local.get $scale) (f32.lt (local.get $scale) (f32.const 0x1p-126))))
      (else (f32.const nan))))

  ;; wire = int8(values / scale), round to nearest, ties to even; errors = values - decoded values. A
  ;; block with a non-finite value has no rounding error.
  (func (export "encodeInt8") (param $count i32)
    (local $at i32) (local $wire i32) (local $end i32) (local $blockEnd i32)
    (local $scale f32) (local $scales v128) (local $inverse v128)
    (local $value v128) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $end (i32.shl (local.get $count) (i32.const 2)))
    (block $done
      (loop $block
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $scale (call $scaleOf (f32.reinterpret_i32 (call $largest (local.get $at)))))
        (f32.store offset=262144 (local.get $wire) (local.get $scale))
        (local.set $wire (i32.add (local.get $wire) (i32.const 4)))
        (local.set $blockEnd (i32.add (local.get $at) (i32.const 1024)))
        (if (f32.ne (local.get $scale) (local.get $scale))
          (then
            (memory.fill (i32.add (local.get $wire) (i32.const 262144)) (i32.const 0) (i32.const 256))
            (memory.fill (i32.add (local.get $at) (i32.const 131072)) (i32.const 0) (i32.const 1024))
            (local.set $wire (i32.add (local.get $wire) (i32.const 256)))
            (local.set $at (local.get $blockEnd)))
          (else
            (local.set $scales (f32x4.splat (local.get $scale)))
            (local.set $inverse
              (f32x4.splat
                (select (f32.const 0) (f32.div (f32.const 1) (local.get $scale))
                  (f32.eq (local.get $scale) (f32.const 0)))))
            (loop $next
              (local.set $value (v128.load (local.get $at)))
              (local.set $a (f32x4.nearest (f32x4.mul (local.get $value) (local.get $inverse))))
              (v128.store offset=131072 (local.get $at)
                (f32x4.sub (local.get $value) (f32x4.mul (local.get $a) (local.get $scales))))
              (local.set $value (v128.load offset=16 (local.get $at)))
              (local.set $b (f32x4.nearest (f32x4.mul (local.get $value) (local.get $inverse))))
              (v128.store offset=131088 (local.get $at)
                (f32x4.sub (local.get $value) (f32x4.mul (local.get $b) (local.get $scales))))
              (local.set $value (v128.load offset=32 (local.get $at)))
              (local.set $c (f32x4.nearest (f32x4.mul (local.get $value) (local.get $inverse))))
              (v128.store offset=131104 (local.get $at)
                (f32x4.sub (local.get $value) (f32x4.mul (local.get $c) (local.get $scales))))
              (local.set $value (v128.load offset=48 (local.get $at)))
              (local.set $d (f32x4.nearest (f32x4.mul (local.get $value) (local.get $inverse))))
              (v128.store offset=131120 (local.get $at)
                (f32x4.sub (local.get $value) (f32x4.mul (local.get $d) (local.get $scales))))
              (v128.store offset=262144 (local.get $wire)
                (i8x16.narrow_i16x8_s
                  (i16x8.narrow_i32x4_s
                    (i32x4.trunc_sat_f32x4_s (local.get $a))
                    (i32x4.trunc_sat_f32x4_s (local.get $b)))
                  (i16x8.narrow_i32x4_s
                    (i32x4.trunc_sat_f32x4_s (local.get $c))
                    (i32x4.trunc_sat_f32x4_s (local.get $d)))))
              (local.set $at (i32.add (local.get $at) (i32.const 64)))
              (local.set $wire (i32.add (local.get $wire) (i32.const 16)))
              (br_if $next (i32.lt_u (local.get $at) (local.get $blockEnd))))))
        (br $block))))

  ;; values += wire
  (func (export "addInt8") (param $count i32)
    (local $at i32) (local $wire i32) (local $end i32) (local $blockEnd i32)
    (local $scale v128) (local $eight v128)
    (local.set $end (i32.shl (local.get $count) (i32.const 2)))
    (block $done
      (loop $block
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $scale (v128.load32_splat offset=262144 (local.get $wire)))
        (local.set $wire (i32.add (local.get $wire) (i32.const 4)))
        (local.set $blockEnd (i32.add (local.get $at) (i32.const 1024)))
        (loop $next
          (local.set $eight (v128.load8x8_s offset=262144 (local.get $wire)))
          (v128.store (local.get $at)
            (f32x4.add (v128.load (local.get $at))
              (f32x4.mul (f32x4.convert_i32x4_s (i32x4.extend_low_i16x8_s (local.get $eight))) (local.get $scale))))
          (v128.store offset=16 (local.get $at)
            (f32x4.add (v128.load offset=16 (local.get $at))
              (f32x4.mul (f32x4.convert_i32x4_s (i32x4.extend_high_i16x8_s (local.get $eight))) (local.get $scale))))
          (local.set $at (i32.add (local.get $at) (i32.const 32)))
          (local.set $wire (i32.add (local.get $wire) (i32.const 8)))
          (br_if $next (i32.lt_u (local.get $at) (local.get $blockEnd))))
        (br $block))))

  ;; values = wire
  (func (export "decodeInt8") (param $count i32)
    (local $at i32) (local $wire i32) (local $end i32) (local $blockEnd i32)
    (local $scale v128) (local $eight v128)
    (local.set $end (i32.shl (local.get $count) (i32.const 2)))
    (block $done
      (loop $block
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $scale (v128.load32_splat offset=262144 (local.get $wire)))
        (local.set $wire (i32.add (local.get $wire) (i32.const 4)))
        (local.set $blockEnd (i32.add (local.get $at) (i32.const 1024)))
        (loop $next
          (local.set $eight (v128.load8x8_s offset=262144 (local.get $wire)))
          (v128.store (local.get $at)
            (f32x4.mul (f32x4.convert_i32x4_s (i32x4.extend_low_i16x8_s (local.get $eight))) (local.get $scale)))
          (v128.store offset=16 (local.get $at)
            (f32x4.mul (f32x4.convert_i32x4_s (i32x4.extend_high_i16x8_s (local.get $eight))) (local.get $scale)))
          (local.set $at (i32.add (local.get $at) (i32.const 32)))
          (local.set $wire (i32.add (local.get $wire) (i32.const 8)))
          (br_if $next (i32.lt_u (local.get $at) (local.get $blockEnd))))
        (br $block)))))
