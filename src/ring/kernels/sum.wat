;; The ring's addition: received values plus this rank's own, four float32 lanes at a time. The same
;; pass computes the checksums (checksum.ts) of the received values and of the sum. Memory: checksum
;; state of the received values at 0, of the sum at 64. Received values at 65536, 128 KiB. Own
;; values at 327744: a distance that is not a multiple of 4096, because loads would otherwise wait
;; for stores to addresses with the same low bits.
(module
  (memory (export "memory") 8)
  ;; $bytes: number of bytes to add, a multiple of 32. The sum replaces the received values.
  (func (export "add") (param $bytes i32)
    (local $at i32) (local $turn v128) (local $value v128)
    (local $sum0 v128) (local $sum1 v128) (local $mix0 v128) (local $mix1 v128)
    (local $sum2 v128) (local $sum3 v128) (local $mix2 v128) (local $mix3 v128)
    (local.set $turn (v128.const i8x16 3 0 1 2 7 4 5 6 11 8 9 10 15 12 13 14))
    (local.set $sum0 (v128.load (i32.const 0)))
    (local.set $sum1 (v128.load offset=16 (i32.const 0)))
    (local.set $mix0 (v128.load offset=32 (i32.const 0)))
    (local.set $mix1 (v128.load offset=48 (i32.const 0)))
    (local.set $sum2 (v128.load offset=64 (i32.const 0)))
    (local.set $sum3 (v128.load offset=80 (i32.const 0)))
    (local.set $mix2 (v128.load offset=96 (i32.const 0)))
    (local.set $mix3 (v128.load offset=112 (i32.const 0)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $bytes)))
        (local.set $value (v128.load offset=65536 (local.get $at)))
        (local.set $sum0 (i32x4.add (local.get $sum0) (local.get $value)))
        (local.set $mix0
          (i8x16.swizzle (i32x4.add (local.get $mix0) (local.get $sum0)) (local.get $turn)))
        (local.set $value (f32x4.add (local.get $value) (v128.load offset=327744 (local.get $at))))
        (v128.store offset=65536 (local.get $at) (local.get $value))
        (local.set $sum2 (i32x4.add (local.get $sum2) (local.get $value)))
        (local.set $mix2
          (i8x16.swizzle (i32x4.add (local.get $mix2) (local.get $sum2)) (local.get $turn)))
        (local.set $value (v128.load offset=65552 (local.get $at)))
        (local.set $sum1 (i32x4.add (local.get $sum1) (local.get $value)))
        (local.set $mix1
          (i8x16.swizzle (i32x4.add (local.get $mix1) (local.get $sum1)) (local.get $turn)))
        (local.set $value (f32x4.add (local.get $value) (v128.load offset=327760 (local.get $at))))
        (v128.store offset=65552 (local.get $at) (local.get $value))
        (local.set $sum3 (i32x4.add (local.get $sum3) (local.get $value)))
        (local.set $mix3
          (i8x16.swizzle (i32x4.add (local.get $mix3) (local.get $sum3)) (local.get $turn)))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (br $next)))
    (v128.store (i32.const 0) (local.get $sum0))
    (v128.store offset=16 (i32.const 0) (local.get $sum1))
    (v128.store offset=32 (i32.const 0) (local.get $mix0))
    (v128.store offset=48 (i32.const 0) (local.get $mix1))
    (v128.store offset=64 (i32.const 0) (local.get $sum2))
    (v128.store offset=80 (i32.const 0) (local.get $sum3))
    (v128.store offset=96 (i32.const 0) (local.get $mix2))
    (v128.store offset=112 (i32.const 0) (local.get $mix3))))
