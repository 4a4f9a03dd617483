;; The sum of the ring: what was received, plus what this rank holds, four float32 lanes at a time.
;; Two regions of 256 KiB: the received values from 0, this rank's own from 262144; the sum replaces the received.
(module
  (memory (export "memory") 8)
  ;; bytes: how many to add, a multiple of 32 (the caller rounds up; what lies beyond is never read back)
  (func (export "add") (param $bytes i32)
    (local $at i32)
    (block $done
      (br_if $done (i32.eqz (local.get $bytes)))
      (loop $next
        (v128.store
          (local.get $at)
          (f32x4.add
            (v128.load (local.get $at))
            (v128.load offset=262144 (local.get $at))))
        (v128.store offset=16
          (local.get $at)
          (f32x4.add
            (v128.load offset=16 (local.get $at))
            (v128.load offset=262160 (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (br_if $next (i32.lt_u (local.get $at) (local.get $bytes)))))))
